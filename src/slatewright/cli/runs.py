"""slatewright runs"""

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from slatewright.cli.console import WIDE, answers, note, print_json
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.core.clock import iso
from slatewright.core.errors import BadInput
from slatewright.store.run import Run
from slatewright.store.runs import Runs
from slatewright.store.shop import Shop

SHORT = 8  # digits of a sum that are shown


def run(
    shop: ShopFolder = HERE,
    kind: Annotated[
        str | None,
        typer.Option(help="Only runs of this kind: evaluate, compare, diagnose, frontier, tune, train or update."),
    ] = None,
    sort: Annotated[
        str | None, typer.Option(help="Best first, by one of the metrics shown, like ndcg@20.", show_default="by time")
    ] = None,
    n: Annotated[int, typer.Option("--n", "-n", min=1, help="How many runs.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List what was evaluated, compared, tuned and trained: when, with which recipe, on which data, how good."""
    kept = Runs(Shop.open(shop).runs)
    found = {name: _read(kept, name) for name in kept.ids()}
    if kind is not None:
        found = {name: one for name, one in found.items() if isinstance(one, Run) and one.kind == kind}
    names = (list(found) if sort is None else _best_first(found, sort))[-n:]
    if as_json:
        print_json([_answer(name, found[name]) for name in names])
    elif not names:
        note("no such run is recorded; every evaluate, compare, diagnose, frontier, tune, train and update records one")
    else:
        answers.print(_table({name: found[name] for name in names}))


def _read(kept: Runs, name: str) -> Run | str:
    """One run; of a damaged one what is wrong, so that it hides no other."""
    try:
        return kept.read(name)
    except BadInput as error:
        return str(error)


def _best_first(found: dict[str, Run | str], metric: str) -> list[str]:
    """The best run last, as the latest is last in order of time: that is where one looks in a terminal."""
    values = {name: one.headline.get(metric) for name, one in found.items() if isinstance(one, Run)}
    numbers = {name: value for name, value in values.items() if isinstance(value, int | float)}
    if not numbers:
        have = sorted({shown for one in found.values() if isinstance(one, Run) for shown in one.headline})
        raise BadInput(f"no run shows a number called {metric!r}; they show: {', '.join(have) or 'none'}")
    return sorted(numbers, key=lambda name: numbers[name])


def _answer(name: str, one: Run | str) -> dict[str, Any]:
    return {"id": name, "damaged": one} if isinstance(one, str) else one.as_dict()


def _table(found: dict[str, Run | str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("run", no_wrap=True, min_width=max(map(len, found)))  # to be copied whole
    table.add_column("what came of it", overflow="fold", ratio=1)
    table.add_column("took", justify="right", no_wrap=True)
    wide = answers.width >= WIDE  # a narrow terminal has no room for what a run was made of; diff and --json tell it
    if wide:
        table.add_column("recipe", no_wrap=True)
        table.add_column("data", no_wrap=True)
    for name, one in found.items():
        if isinstance(one, str):
            table.add_row(name, Text(one, style="red"))
            continue
        made_of = (_recipe(one), _data(one)) if wide else ()
        table.add_row(name, _headline(one), f"{one.seconds:,.1f} s", *made_of)
    return table


def _headline(one: Run) -> Text:
    return Text(", ".join(f"{name} {_short(value)}" for name, value in one.headline.items()))


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4f}"


def _recipe(one: Run) -> str:
    sums = list(one.recipes.values())
    return sums[0][:SHORT] if len(sums) == 1 else f"{len(sums)} recipes"


def _data(one: Run) -> str:
    """The version of the table of events, and until when training knew it."""
    as_of = "" if one.data.as_of is None else f", before {iso(one.data.as_of)[:10]}"
    return f"version {one.data.tables.get('interactions')}{as_of}"
