"""slatewright compare"""

from pathlib import Path
from typing import Annotated

import typer

from slatewright.cli.console import answers, note, print_json, progress_bar
from slatewright.cli.options import HERE, AsJson, Judged, ShopFolder
from slatewright.cli.recording import recorder_of
from slatewright.cli.split_options import with_split_options
from slatewright.evaluate.comparing import Comparing, Comparison
from slatewright.evaluate.comparing.table import tables
from slatewright.evaluate.evaluation import BASELINE
from slatewright.lifecycle.comparing import Wish, compare_recipes
from slatewright.lifecycle.folds import split_of_shop
from slatewright.store.shop import Shop


@with_split_options
def run(
    recipes: Annotated[
        list[Path] | None,
        typer.Argument(help="Recipe files to compare.", show_default="recipe.py of the shop"),
    ] = None,
    shop: ShopFolder = HERE,
    k: Judged = 20,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            help="Metric to compare, may be repeated; the first orders the table.", show_default="ndcg, recall"
        ),
    ] = None,
    validation: Annotated[
        bool, typer.Option("--validation", help="Judge by the latest part of training: for choosing recipes.")
    ] = False,
    test: Annotated[str, typer.Option(help="Paired test: randomisation, t or signed-rank.")] = "randomisation",
    correction: Annotated[str, typer.Option(help="For many comparisons: holm, benjamini-hochberg or none.")] = "holm",
    level: Annotated[float, typer.Option(help="How sure a difference must be to be called real.")] = 0.95,
    must_beat: Annotated[
        bool, typer.Option("--must-beat", help="Exit with 1 when a recipe does not beat popularity for sure.")
    ] = False,
    as_json: AsJson = False,
    **given: object,
) -> None:
    """Train several recipes on the same past, judge them on the same users, say which differences are real."""
    place = Shop.open(shop)
    recorder = recorder_of(place)
    split = split_of_shop(place, **given)
    how = Comparing(tuple(metric) if metric else Comparing.metrics, test, correction, level)
    wish = Wish(tuple(recipes or [place.recipe]), k, how, validation)
    with progress_bar() as bar:
        found = compare_recipes(place, split, wish, progress=bar, recorder=recorder)
    _show(found, place, as_json)
    if must_beat and not all(found.beats_popularity(name) for name in found.names if name != BASELINE):
        raise typer.Exit(1)


def _show(found: Comparison, place: Shop, as_json: bool) -> None:
    if as_json:
        print_json(found.as_dict())
        return
    for part in tables(found):
        answers.print(part)
    note(f"the same as a page, Markdown and JSON: {place.reports / 'comparison.html'}, .md and .json")
