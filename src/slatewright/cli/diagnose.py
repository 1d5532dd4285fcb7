"""slatewright diagnose"""

from typing import Annotated, TypeAlias

import typer

from slatewright.cli.console import answers, note, print_json, progress_bar
from slatewright.cli.options import HERE, AsJson, Judged, ShopFolder
from slatewright.cli.recording import recorder_of
from slatewright.cli.split_options import with_split_options
from slatewright.evaluate import By
from slatewright.evaluate.diagnosis.diagnosing import Diagnosing
from slatewright.evaluate.diagnosis.table import tables
from slatewright.lifecycle.diagnosing import diagnose_shop
from slatewright.lifecycle.folds import split_of_shop
from slatewright.store.shop import Shop

Model: TypeAlias = Annotated[
    str | None, typer.Option(help="Name of the model in the recipe.", show_default="the first one")
]
Over: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        help="Knob to draw a learning curve over, or `data`; may be given again.",
        show_default="up to three that say how much is learned by heart, and data",
    ),
]
OfUsers: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        help="Group users by this fact, or `history_length`; may be given again.", show_default="by every fact"
    ),
]
OfItems: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        help="Group items by this fact, or `popularity`, `category`, `age`; may be given again.",
        show_default="by every fact",
    ),
]
OfRatings: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--residuals/--no-residuals",
        help="Look at the residuals of ratings.",
        show_default="where the model predicts ratings and there are some",
    ),
]
OnTest: TypeAlias = Annotated[
    bool, typer.Option("--test", help="Judge by the test part: then do not turn knobs by what it says.")
]


@with_split_options
def run(
    shop: ShopFolder = HERE,
    model: Model = None,
    over: Over = None,
    k: Judged = 20,
    by: OfUsers = None,
    by_item: OfItems = None,
    residuals: OfRatings = None,
    test: OnTest = False,
    as_json: AsJson = False,
    **given: object,
) -> None:
    """Say how a model stands to its data, which knob to turn, and whom and what it fails; judged by validation data."""
    place = Shop.open(shop)
    recorder = recorder_of(place)
    split = split_of_shop(place, **given)
    how = Diagnosing(tuple(over or ()), k, By(tuple(by or ()), tuple(by_item or ())), residuals)
    with progress_bar() as bar:
        found = diagnose_shop(place, split, model=model, how=how, on_test=test, progress=bar, recorder=recorder)
    if as_json:
        print_json(found.as_dict())
        return
    for part in tables(found):
        answers.print(part)
    note(f"the same as a page, Markdown and JSON: {place.reports / 'diagnosis.html'}, .md and .json")
