"""slatewright init"""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from slatewright.cli.console import answers, note, print_json, say
from slatewright.cli.options import AsJson
from slatewright.core.errors import BadInput
from slatewright.store.founding import found

Files = list[str] | None


def run(
    shop: Annotated[Path, typer.Argument(help="The folder of the new shop.")],
    events: Annotated[Files, typer.Option(help="Event files, globs, or the URL of a database.")] = None,
    items: Annotated[Files, typer.Option(help="Files with facts about items.")] = None,
    users: Annotated[Files, typer.Option(help="Files with facts about users.")] = None,
    query: Annotated[str, typer.Option(help="The SQL query, where events come from a database.")] = "",
    column: Annotated[Files, typer.Option(help="Which column of the events is what: user_id=buyer; repeat.")] = None,
    as_json: AsJson = False,
) -> None:
    """Found a shop: look at event files, recognise the columns, write slatewright.toml and recipe.py."""
    if not events:
        raise BadInput(f"a shop begins with its events: slatewright init {shop} --events FILE")
    founding = found(shop, events, items or (), users or (), query=query, columns=_columns(column or []))
    if as_json:
        print_json({"shop": str(shop), "guesses": list(founding.guesses)})
        return
    for guess in founding.guesses:
        say(guess)
    answers.print(Text(f"\nwritten: {shop / 'slatewright.toml'}, {shop / 'recipe.py'}"), soft_wrap=True)
    note(f"where a guess is wrong, correct it there; then: slatewright import --shop {shop}")


def _columns(given: list[str]) -> dict[str, str]:
    """``user_id=buyer`` as our name -> theirs."""
    for one in given:
        if "=" not in one:
            raise BadInput(f"--column must look like user_id=buyer, got {one!r}")
    return dict(one.split("=", 1) for one in given)
