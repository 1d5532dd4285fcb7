"""slatewright reproduce"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from slatewright.cli.changes import changes_table
from slatewright.cli.console import answers, note, notes, print_json, progress_bar, say
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.cli.recording import recorder_of
from slatewright.lifecycle.reproducing import Reproduction, not_as_then, reproduce
from slatewright.store.flattening import Change, flat_metrics
from slatewright.store.runs import Runs
from slatewright.store.shop import Shop

EXIT_DIFFERENT = 1


def run(
    which: Annotated[str, typer.Argument(metavar="RUN", help="Its id, the beginning of it, or `last`.")] = "last",
    shop: ShopFolder = HERE,
    as_json: AsJson = False,
) -> None:
    """Do a run again: the same version of the data, the same recipe. Exit code 1 where a metric differs at all."""
    place = Shop.open(shop)
    recorder = recorder_of(place)
    recorded = Runs(place.runs).read(which)
    different = not_as_then(recorded)
    if different:
        note(f"run {recorded.id} was made with other code or libraries, or on another machine:")
        notes.print(changes_table(different, "then", "now"))
    with progress_bar() as bar:
        found = reproduce(place, recorded, recorder=recorder, progress=bar)
    if as_json:
        print_json(_answer(found, different))
    else:
        _show(found)
    if not found.same:
        raise typer.Exit(EXIT_DIFFERENT)


def _show(found: Reproduction) -> None:
    for what, part in (("data", found.data), ("metrics", found.metrics)):
        if part:
            answers.print(changes_table(part, "then", "now", title=f"{what} that differ"))
    count = len(flat_metrics(found.run.metrics))
    if found.same:
        say(f"run {found.run.id} again: all {count} numbers are the same to the last digit")
    else:
        say(f"run {found.run.id} again: {len(found.metrics)} of {count} numbers differ")


def _answer(found: Reproduction, different: Sequence[Change]) -> dict[str, Any]:
    parts = {"beforehand": different, "data": found.data, "metrics": found.metrics}
    told = {name: [asdict(one) for one in part] for name, part in parts.items()}
    return {"run": found.run.id, "same": found.same, **told}
