"""slatewright rollback"""

from slatewright.cli.console import say
from slatewright.cli.options import HERE, ShopFolder
from slatewright.core.clock import wall_clock
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop


def run(shop: ShopFolder = HERE) -> None:
    """Make the bundle live that was live before; a running server swaps to it."""
    say(f"live: {Shelf(Shop.open(shop).bundles).rollback(now=wall_clock())}")
