"""slatewright diff"""

from typing import Annotated

import typer
from rich.syntax import Syntax

from slatewright.cli.changes import changes_table, without_ends
from slatewright.cli.console import answers, note, print_json, say
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.lifecycle.differing import diff_runs
from slatewright.store.runs import Runs
from slatewright.store.shop import Shop

SHOWN = 15  # rows of one part, unless all are asked for
ONE, OTHER = "last~1", "last"


def run(
    before: Annotated[
        str, typer.Argument(metavar="RUN", help="Its id, the beginning of it, `last` or `last~1`.")
    ] = ONE,
    after: Annotated[str, typer.Argument(metavar="RUN", help="The run to hold beside it.")] = OTHER,
    every: Annotated[
        bool, typer.Option("--all", help="Every number that differs, not only the first of them.")
    ] = False,
    shop: ShopFolder = HERE,
    as_json: AsJson = False,
) -> None:
    """Hold two runs side by side: knobs, recipe, data, code and metrics, and of these only what differs."""
    place = Shop.open(shop)
    kept = Runs(place.runs)
    found = diff_runs(place, kept.read(before), kept.read(after))
    if as_json:
        print_json(found.as_dict())
        return
    say(f"{found.before} → {found.after}")
    if not found:
        say("they differ in nothing but the time")
        return
    for part, changes in found.parts.items():
        rows = list(changes) if every else without_ends(changes)
        shown = rows if every else rows[:SHOWN]
        if shown:
            answers.print(changes_table(shown, "before", "after", title=part))
        if len(shown) < len(rows):
            note(f"and {len(rows) - len(shown)} more of the {part}; to see them: --all")
    for text in found.recipes.values():
        answers.print(Syntax(text, "diff", background_color="default", word_wrap=True))
