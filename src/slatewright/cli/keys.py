"""slatewright keys"""

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from slatewright.cli.acting import enter
from slatewright.cli.console import answers, note, print_json, say
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.core.clock import iso, wall_clock
from slatewright.core.errors import BadInput, NotThere
from slatewright.serve.keys import Key, Scope, made
from slatewright.serve.keys.key_file import change_keys, read_keys
from slatewright.store.shop import Shop


class Deed(StrEnum):
    """What to do with keys."""

    LIST = "list"
    CREATE = "create"
    REVOKE = "revoke"


def run(
    deed: Annotated[Deed, typer.Argument(help="What to do.")] = Deed.LIST,
    name: Annotated[str | None, typer.Argument(help="create: what the key is for. revoke: its id or name.")] = None,
    shop: ShopFolder = HERE,
    scope: Annotated[list[Scope] | None, typer.Option(help="What the key may do; repeat.", show_default="read")] = None,
    per_second: Annotated[
        float | None, typer.Option(help="Requests it may make a second, on average.", show_default="no limit")
    ] = None,
    burst: Annotated[
        int | None, typer.Option(help="Requests it may make at once.", show_default="those of one second")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make, list and revoke the keys of the API; a running server follows within a second."""
    place = Shop.open(shop)
    if deed is Deed.CREATE:
        _create(place, _named(name, deed), scope or [Scope.READ], (per_second, burst), as_json)
    elif deed is Deed.REVOKE:
        _revoke(place, _named(name, deed))
    else:
        _list(place, as_json)


def _named(name: str | None, deed: Deed) -> str:
    if not name:
        what = "what the key is for" if deed is Deed.CREATE else "the id or the name of a key"
        raise BadInput(f"slatewright keys {deed} must be followed by {what}")
    return name


def _create(shop: Shop, name: str, scopes: list[Scope], limits: tuple[float | None, int | None], as_json: bool) -> None:
    key, text = made(name, scopes, iso(wall_clock()), *limits)
    first = not shop.keys.exists()
    change_keys(shop.keys, lambda keys: [*keys, key])
    enter(shop, "create a key", key=key.id, name=key.name, scopes=" ".join(sorted(key.scopes)))
    if as_json:
        print_json({**_about(key), "key": text})
    else:
        say(text)
    note("Keep it now: it is shown this once, and only a sum of it is kept.")
    if first:
        note("From now on the server asks for a key on every call of the API, and shows no shop page.")


def _revoke(shop: Shop, name: str) -> None:
    gone: list[Key] = []

    def without(keys: tuple[Key, ...]) -> list[Key]:
        gone[:] = _meant(keys, name)
        return [key for key in keys if key not in gone]

    change_keys(shop.keys, without)
    for key in gone:
        enter(shop, "revoke a key", key=key.id, name=key.name)
        say(f"revoked: {key.id} {key.name}")


def _meant(keys: tuple[Key, ...], name: str) -> list[Key]:
    by_id = [key for key in keys if key.id == name]
    found = by_id or [key for key in keys if key.name == name]
    if not found:
        have = ", ".join(f"{key.id} ({key.name})" for key in keys) or "none"
        raise NotThere(f"there is no key {name!r}; there are: {have}")
    if len(found) > 1:
        raise BadInput(f"{len(found)} keys are named {name!r}; say which by its id: {', '.join(k.id for k in found)}")
    return found


def _list(shop: Shop, as_json: bool) -> None:
    keys = read_keys(shop.keys) if shop.keys.exists() else ()
    if as_json:
        print_json([_about(key) for key in keys])
    elif not keys:
        note(
            "There are no keys: without one, and without SLATEWRIGHT_API_KEY, everybody who reaches the server may ask."
        )
    else:
        answers.print(_table(keys))


def _about(key: Key) -> dict[str, Any]:
    limits = {"per_second": key.per_second, "burst": None if key.per_second is None else key.burst}
    return {"id": key.id, "name": key.name, "scopes": sorted(key.scopes), "created": key.created, **limits}


def _table(keys: tuple[Key, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("id", "name", "scopes", "a second", "made"):
        table.add_column(column, overflow="fold")
    for key in keys:
        rate = "no limit" if key.per_second is None else f"{key.per_second:g}, {key.burst} at once"
        table.add_row(*map(Text, (key.id, key.name, " ".join(sorted(key.scopes)), rate, key.created[:19])))
    return table
