"""slatewright train"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from slatewright.cli.acting import enter
from slatewright.cli.console import note, print_json, progress_bar, say
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.cli.recording import recorder_of
from slatewright.core.clock import instant
from slatewright.lifecycle.training import train
from slatewright.models.neural.epochs import EpochCurve
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop


def run(
    shop: ShopFolder = HERE,
    as_of: Annotated[str | None, typer.Option(help="Know nothing at or after this time, ISO-8601.")] = None,
    promote: Annotated[
        bool | None,
        typer.Option("--promote/--no-promote", help="Make it live.", show_default="only when nothing is live yet"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fit the recipe to the log and put what it learned into a bundle. Stopping it leaves everything as it was."""
    place = Shop.open(shop)
    recorder = recorder_of(place)
    until = None if as_of is None else instant(as_of)
    before = Shelf(place.bundles).live()
    with progress_bar() as bar:
        version = train(place, now=recorder.started, as_of=until, promote=promote, progress=bar, recorder=recorder)
    live = Shelf(place.bundles).live()
    if live == version != before:
        enter(place, "promote", version=version)
    card = Shelf(place.bundles).card(version)
    for line in told_of(card.models):
        note(line)
    if as_json:
        print_json({"version": version, "live": live})
        return
    say(
        f"bundle {version}" + (" is live" if live == version else f"; make it live with: slatewright promote {version}")
    )


def told_of(models: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """How the neural models of a card were trained, a line each, and once what would let them start faster."""
    slower: dict[str, list[str]] = {}
    for name, model in models.items():
        if (told := model.get("training")) is not None:
            curve = EpochCurve.from_card(told)
            yield f"{name}: {curve.summary} {curve.sparkline}".rstrip()
        if (line := model.get("runtime", {}).get("for ONNX Runtime")) is not None:
            slower.setdefault(line, []).append(name)
    for line, names in slower.items():
        yield f"the engine of Keras answers for {', '.join(names)}; ONNX Runtime, which starts faster, after: {line}"
