"""slatewright batch"""

import os
from pathlib import Path
from typing import Annotated

import typer

from slatewright.cli.console import note, print_json, progress_bar, say
from slatewright.cli.options import HERE, AsJson, Length, ShopFolder
from slatewright.core.clock import wall_clock
from slatewright.core.errors import BadInput, NotThere
from slatewright.serve.batching import Wish, batch
from slatewright.store.secrets import without_secrets
from slatewright.store.shop import Shop


def run(
    to: Annotated[str, typer.Argument(help="A folder for Parquet files, or the URL of a database.")],
    shop: ShopFolder = HERE,
    k: Length = 10,
    users: Annotated[
        Path | None, typer.Option(help="A file with a user_id on each line.", show_default="all of the bundle")
    ] = None,
    bundle: Annotated[str | None, typer.Option(help="A version of the shelf.", show_default="live")] = None,
    surface: Annotated[str, typer.Option(help="The page that the slates are for.")] = "",
    slot: Annotated[str, typer.Option(help="The place on it.")] = "",
    table: Annotated[str, typer.Option(help="The table of the database.")] = "slates",
    processes: Annotated[
        int | None, typer.Option(help="Processes that make slates.", min=1, show_default="one for each core")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="Drop what was begun, begin anew.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the slates of all users to Parquet or SQL; one that was stopped goes on when it is called again."""
    place = Shop.open(shop)
    names = None if users is None else _names(users)
    wish = Wish(to, k, names, surface, slot, table)
    with progress_bar() as bar:
        made = batch(
            place,
            wish,
            now=wall_clock(),
            version=bundle,
            processes=processes or _cores(),
            restart=restart,
            progress=bar,
        )
    if as_json:
        about = {"bundle": made.version, "users": made.users, "made_now": made.made_now, "resumed": made.resumed}
        print_json(about)
        return
    if made.resumed:
        note(f"went on with a batch that was begun before: {made.users - made.made_now:,} users were there already")
    say(f"{made.users:,} users to {without_secrets(to)}, by bundle {made.version}")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _names(path: Path) -> tuple[str, ...]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # an id may hold other breaks of lines
    except OSError as error:
        raise NotThere(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} must be text in UTF-8, got byte {error.object[error.start]:#04x}") from error
    return tuple(name for line in lines if (name := line.removesuffix("\r")))
