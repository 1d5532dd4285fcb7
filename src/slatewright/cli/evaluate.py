"""slatewright evaluate"""

from typing import Annotated

import typer

from slatewright.cli.console import answers, note, print_json, progress_bar
from slatewright.cli.options import HERE, AsJson, Bundle, Inside, Judged, ShopFolder
from slatewright.cli.recording import recorder_of
from slatewright.cli.split_options import refuse_for_bundle, with_split_options
from slatewright.evaluate import By, Evaluation, tables
from slatewright.lifecycle.evaluating import evaluate_bundle, evaluate_shop
from slatewright.lifecycle.folds import kinds_of, split_of_shop
from slatewright.store.shop import Shop


@with_split_options
def run(
    shop: ShopFolder = HERE,
    k: Judged = 20,
    validation: Inside = False,
    bundle: Bundle = None,
    by: Annotated[
        list[str] | None, typer.Option(help="Apart by a fact of users, or `history_length`; may be given again.")
    ] = None,
    by_item: Annotated[
        list[str] | None,
        typer.Option(help="Apart by a fact of items, or `popularity`, `category`, `age`; may be given again."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show every metric, not only the main ones.")] = False,
    as_json: AsJson = False,
    **given: object,
) -> None:
    """Train on what was known before an instant, judge by what came after, beside popularity; audit the split first."""
    place = Shop.open(shop)
    recorder = recorder_of(place)
    split = split_of_shop(place, **given)
    refuse_for_bundle(bundle, given)
    segments = By(tuple(by or ()), tuple(by_item or ()))
    with progress_bar() as bar:
        if bundle is None:
            found = evaluate_shop(
                place, split, k=k, on_validation=validation, by=segments, progress=bar, recorder=recorder
            )
        else:
            version = None if bundle == "live" else bundle
            found = evaluate_bundle(
                place, version, k=k, kinds=kinds_of(split), by=segments, progress=bar, recorder=recorder
            )
    _show(place, found, every, as_json)


def _show(place: Shop, found: Evaluation, every: bool, as_json: bool) -> None:
    if as_json:
        print_json(found.as_dict())
        return
    for part in tables(found, every_metric=every):
        answers.print(part)
    note(f"the same as JSON and Markdown: {place.reports / 'evaluation.json'}, {place.reports / 'evaluation.md'}")
