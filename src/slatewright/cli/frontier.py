"""slatewright frontier"""

from typing import Annotated

import typer

from slatewright.cli.console import answers, note, print_json, progress_bar
from slatewright.cli.options import HERE, AsJson, Inside, Judged, ShopFolder
from slatewright.cli.recording import recorder_of
from slatewright.cli.split_options import with_split_options
from slatewright.evaluate.frontier.table import tables
from slatewright.lifecycle.folds import split_of_shop
from slatewright.lifecycle.frontier import draw_frontier
from slatewright.store.shop import Shop


@with_split_options
def run(
    shop: ShopFolder = HERE,
    k: Judged = 20,
    model: Annotated[
        str | None, typer.Option(help="Estimator that says what is alike.", show_default="the categories")
    ] = None,
    validation: Inside = False,
    as_json: AsJson = False,
    **given: object,
) -> None:
    """Train the recipe once, arrange its slates in many ways, and draw what variety, coverage and novelty cost."""
    place = Shop.open(shop)
    recorder = recorder_of(place)
    split = split_of_shop(place, **given)
    with progress_bar() as bar:
        found = draw_frontier(place, split, k=k, model=model, on_validation=validation, progress=bar, recorder=recorder)
    if as_json:
        print_json(found.as_dict())
        return
    for part in tables(found):
        answers.print(part)
    note(f"the picture: {place.reports / 'frontier.html'}; the same as Markdown and JSON beside it")
