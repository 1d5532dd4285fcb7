"""slatewright serve"""

import logging
from typing import Annotated

import typer

from slatewright.cli.console import note
from slatewright.cli.options import HERE, ShopFolder
from slatewright.serve.running import LOG_FORMAT, settings_of
from slatewright.serve.running import run as serve
from slatewright.serve.workers.supervising import supervise
from slatewright.store.shop import Shop


def run(
    shop: ShopFolder = HERE,
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="as in the settings")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", show_default="as in the settings")] = None,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=64)] = 1,
) -> None:
    """Answer over HTTP and take events in; Ctrl-C finishes the requests in hand and stops."""
    place = Shop.open(shop)
    serving = settings_of(place, host, port)
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    if workers > 1:
        supervise(place, serving, workers, _tell)
    else:
        serve(place, host, port, _tell)


def _tell(url: str) -> None:
    note(f"shop page {url}/    API {url}/docs    Ctrl-C stops")
