"""slatewright why"""

from typing import Annotated

import typer

from slatewright.cli.asking import open_bundle, query_for
from slatewright.cli.console import print_json, say
from slatewright.cli.options import HERE, AsJson, Length, ShopFolder
from slatewright.core.clock import wall_clock
from slatewright.explain import why
from slatewright.pipeline.request import Request
from slatewright.store.shop import Shop


def run(
    user: Annotated[str, typer.Argument(help="A user_id, known or not.")],
    item: Annotated[str, typer.Argument(help="An item_id of the catalogue.")],
    shop: ShopFolder = HERE,
    k: Length = 10,
    as_json: AsJson = False,
) -> None:
    """Say why a user gets an item: who proposed it, what speaks for it, what its score is made of."""
    place = Shop.open(shop)
    bundle = open_bundle(place)
    query = query_for(place, bundle, Request(k, wall_clock(), user_id=user))
    found = why(bundle.pipeline, query, item)
    if as_json:
        print_json(found.as_dict())
        return
    for sentence in found.sentences:
        say(sentence)
