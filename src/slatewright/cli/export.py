"""slatewright export"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from slatewright.cli.console import print_json, progress_bar, say
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.lifecycle.exporting import export
from slatewright.pipeline.opening import open_pipeline
from slatewright.store.shop import Shop


def run(
    model: Annotated[str, typer.Argument(help="Name of a neural model in the recipe.", show_default=False)],
    shop: ShopFolder = HERE,
    to: Annotated[Path | None, typer.Option(help="The folder to write.", show_default="exports/MODEL-FORMAT")] = None,
    format_: Annotated[str, typer.Option("--format", help="onnx, or savedmodel (TensorFlow).")] = "onnx",
    precision: Annotated[str, typer.Option(help="How numbers are kept: f32, f16, int8.")] = "f32",
    bundle: Annotated[str | None, typer.Option(help="A version of the shelf.", show_default="live")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a neural model as files that ONNX Runtime or TensorFlow Serving answer from, without Slatewright."""
    place = Shop.open(shop)
    folder = to or place.root / "exports" / f"{model}-{format_}"
    with progress_bar() as bar:
        bar("open the bundle", 0, 2)
        world = open_pipeline(place, bundle).world
        bar(f"write {format_} ({precision})", 1, 2)
        card = export(world, model, folder, format_, precision)
    if as_json:
        print_json({"folder": str(folder), **asdict(card)})
        return
    say(f"{card.model} of bundle {card.bundle} to {folder}: {card.format}, {card.precision}, {card.bytes:,} bytes")
    for name, told in (*card.inputs.items(), *card.outputs.items()):
        say(f"  {'in ' if name in card.inputs else 'out'} {name}: {told}")
    say(f"  {card.recall:.1%} of the model's 10 best are among its 10 best; scores differ by {card.parity:.1g} at most")
    drawn = "all" if card.ranked == len(world.catalogue) else "drawn"
    say(f"  asked for {card.histories:,} users and {card.ranked:,} items ({drawn})")
