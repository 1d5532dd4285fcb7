"""slatewright rollback"""

from slatewright.cli.acting import enter
from slatewright.cli.console import say
from slatewright.cli.options import HERE, ShopFolder
from slatewright.core.clock import wall_clock
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop


def run(shop: ShopFolder = HERE) -> None:
    """Make the bundle live that was live before; a running server swaps to it."""
    place = Shop.open(shop)
    version = Shelf(place.bundles).rollback(now=wall_clock())
    enter(place, "roll back", version=version)
    say(f"live: {version}")
