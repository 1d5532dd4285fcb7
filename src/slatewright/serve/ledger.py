"""What keys did as administrators goes into the shop's ledger."""

import logging
from collections.abc import Callable

from slatewright.core.clock import wall_clock
from slatewright.core.errors import NotWritten
from slatewright.serve.keys import Key
from slatewright.serve.metrics import Metrics
from slatewright.store.shop import Shop

log = logging.getLogger("slatewright.serve")


def administered(shop: Shop, metrics: Metrics) -> Callable[[Key, str, int], None]:
    """Notes a call: the key, the method and route, the status; a disk that refuses is told in the log and metrics."""

    def note(key: Key, what: str, status: int) -> None:
        try:
            shop.ledger.note(wall_clock(), f"key {key.id} {key.name}", what, status=status)
        except NotWritten as error:
            log.error("%s", error)
            metrics.failed("ledger")

    return note
