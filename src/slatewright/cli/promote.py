"""slatewright promote"""

from typing import Annotated

import typer

from slatewright.cli.acting import enter
from slatewright.cli.console import say
from slatewright.cli.options import HERE, ShopFolder
from slatewright.core.clock import wall_clock
from slatewright.pipeline.opening import open_pipeline
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop


def run(
    version: Annotated[str, typer.Argument(help="A version that `slatewright list` shows.")], shop: ShopFolder = HERE
) -> None:
    """Make a bundle live, once it is whole and answers its golden requests; a running server swaps to it."""
    place = Shop.open(shop)
    open_pipeline(place, version)
    Shelf(place.bundles).promote(version, now=wall_clock())
    enter(place, "promote", version=version)
    say(f"live: {version}")
