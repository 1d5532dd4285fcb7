"""Clicks on the slates that the shop really showed, beside the numbers of an evaluation."""

from dataclasses import replace

from slatewright.data.splits import Order
from slatewright.evaluate import Evaluation
from slatewright.evaluate.clicked import clicks_on_slates
from slatewright.store.shop import Shop


def with_clicks(shop: Shop, found: Evaluation) -> Evaluation:
    """The evaluation with CTR at its k of the slates that the log says were shown in the time of its test part.

    Of a protocol without before and after, of all slates in the log. Nothing is added where none was reported.
    """
    first = min((fold.as_of for fold in found.folds), default=found.as_of)
    since = first if found.protocol.order is Order.ALL else None
    shown, acted = (shop.log.scan(table, since=since) for table in ("impressions", "interactions"))
    return replace(found, clicks=clicks_on_slates(shown, acted, k=found.k))
