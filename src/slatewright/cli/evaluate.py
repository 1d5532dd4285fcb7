"""slatewright evaluate"""

from dataclasses import replace
from typing import Annotated

import typer

from slatewright.cli.console import answers, note, print_json, progress_bar
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.cli.recording import recorder_of
from slatewright.data.splits import GlobalTime
from slatewright.evaluate import tables
from slatewright.lifecycle.evaluating import evaluate_bundle, evaluate_shop
from slatewright.store.shop import Shop


def run(
    shop: ShopFolder = HERE,
    k: Annotated[int, typer.Option("--k", "-k", help="Length of the lists that are judged.")] = 20,
    at: Annotated[
        str | None,
        typer.Option(help="First instant of the test part, ISO-8601.", show_default="as in the settings, or by share"),
    ] = None,
    validation: Annotated[
        bool, typer.Option("--validation", help="Judge by the latest part of training: for choosing knobs.")
    ] = False,
    bundle: Annotated[
        str | None, typer.Option(help="Judge this bundle by what happened since it was trained, or `live`.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train on what was known before an instant, judge by what came after, beside popularity."""
    place = Shop.open(shop)
    recorder = recorder_of(place)
    split = place.knobs("split", GlobalTime)
    split = split if at is None else replace(split, at=at)
    with progress_bar() as bar:
        if bundle is None:
            found = evaluate_shop(place, split, k=k, on_validation=validation, progress=bar, recorder=recorder)
        else:
            version = None if bundle == "live" else bundle
            found = evaluate_bundle(place, version, k=k, kinds=split.kinds, progress=bar, recorder=recorder)
    if as_json:
        print_json(found.as_dict())
        return
    for part in tables(found):
        answers.print(part)
    note(f"the same as JSON and Markdown: {place.reports / 'evaluation.json'}, {place.reports / 'evaluation.md'}")
