"""slatewright why-not"""

from typing import Annotated

import typer

from slatewright.cli import why
from slatewright.cli.options import HERE, AsJson, Length, ShopFolder


def run(
    user: Annotated[str, typer.Argument(help="A user_id, known or not.")],
    item: Annotated[str, typer.Argument(help="An item_id of the catalogue.")],
    shop: ShopFolder = HERE,
    k: Length = 10,
    as_json: AsJson = False,
) -> None:
    """Say why a user does not get an item: no source proposed it, a filter drops it, or others are worth more."""
    why.run(user, item, shop, k, as_json)
