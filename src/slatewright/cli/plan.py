"""slatewright plan"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from slatewright.cli.console import answers, note, print_json, say
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.core.errors import BadInput
from slatewright.core.memory import free_bytes
from slatewright.models.costs import Size
from slatewright.models.speeds import measure_speeds
from slatewright.pipeline.planning import Planned, check_plan, house, in_words, plan, plan_fits
from slatewright.pipeline.recipe import Recipe, load_recipe
from slatewright.pipeline.stage_costs import with_stages
from slatewright.store.shop import Shop

NOT_TOLD = "not told"


def run(
    shop: ShopFolder = HERE,
    users: Annotated[int | None, typer.Option(min=1, help="Plan for this many users instead of the log's.")] = None,
    items: Annotated[int | None, typer.Option(min=1, help="Plan for this many items.")] = None,
    events: Annotated[int | None, typer.Option(min=1, help="Plan for this many events.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Plan every estimator of the house, not the recipe's.")] = False,
    as_json: AsJson = False,
) -> None:
    """Predict how long training will take and how much memory it needs, before it starts.

    A recipe that cannot fit is refused, and estimators that can are named.
    """
    size, recipe = _size(shop, users, items, events), _recipe(shop)
    estimators = {type(one).__name__: one for one in house()} if every else recipe.estimators
    free = free_bytes()
    speeds = measure_speeds()
    steps = plan({} if every else estimators, size, speeds=speeds, free=free)
    if every:  # nobody fits all of them in one process: each is told as if it were alone
        for one in estimators.items():
            steps += plan_fits(dict([one]), size, speeds=speeds, free=free)
    else:
        steps = with_stages(steps, recipe, size, speeds=speeds, free=free)
    if as_json:
        print_json({"size": asdict(size), "free": free, "steps": [asdict(step) for step in steps]})
    else:
        _tell(steps, size, free)
    if not every:
        check_plan(estimators, size, free=free)


def _tell(steps: list[Planned], size: Size, free: int) -> None:
    answers.print(_table(steps))
    too_much = [step.name or step.what for step in steps if not step.fits]
    peak = max(step.memory or 0.0 for step in steps)
    verdict = f"does not fit: {', '.join(too_much)}" if too_much else f"{in_words(peak)} at the peak, which fits"
    say(f"{size.n_users:,} users, {size.n_items:,} items, {size.n_events:,} events; {in_words(free)} free: {verdict}")
    if any(step.seconds is None and step.memory is not None for step in steps):
        note(
            "the time of neural estimators is not told: their first epoch tells it, in the progress bar of the training"
        )
    note("the first fit on a machine also compiles its kernels, which takes up to a minute and is not counted")


def _size(shop: Path, users: int | None, items: int | None, events: int | None) -> Size:
    if users is None and items is None and events is None:
        place = Shop.open(shop)
        return Size.of(place.weighing().read(place.log))
    if users is None or items is None or events is None:
        raise BadInput("to plan for a shop that is not there yet, name all of --users, --items and --events")
    return Size.guess(n_users=users, n_items=items, n_events=events)


def _recipe(shop: Path) -> Recipe:
    path = shop / "recipe.py"
    return load_recipe(path) if path.is_file() else Recipe.default()


def _table(steps: list[Planned]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("name", "what"):
        table.add_column(column)
    for column in ("memory at the peak", "time", ""):
        table.add_column(column, justify="right")
    for step in steps:
        table.add_row(*_row(step))
    return table


def _row(step: Planned) -> tuple[Any, ...]:
    return (
        step.name or "-",
        step.what,
        NOT_TOLD if step.memory is None else in_words(step.memory),
        NOT_TOLD if step.seconds is None else _duration(step.seconds),
        "" if step.fits else "[red]too much[/]",
    )


def _duration(seconds: float) -> str:
    """Two digits are all that a prediction has."""
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.1f} s" if seconds >= 0.1 else "under 0.1 s"
