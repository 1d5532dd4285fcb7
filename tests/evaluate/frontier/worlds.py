"""A town's fold, fitted once, and what comes of arranging its slates."""

from functools import cache

from slatewright.data.splits import Fold, GlobalTime
from slatewright.evaluate.frontier import Frontier, frontier, ways_of
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.pipeline import MMR, AtMost, Constraints, Pipeline, TopK
from slatewright.testing.town import town, town_recipe


@cache
def fold() -> Fold:
    return next(GlobalTime(test_share=0.3).split(town()))


@cache
def pipeline() -> Pipeline:
    orders = (TopK(), MMR(0.9), Constraints((AtMost(5, fact="category", in_any=6),)))
    return Pipeline.fit(town_recipe(orders=orders), fold().train)


@cache
def found() -> Frontier:
    ways = [way for way in ways_of(pipeline()) if not way.setting or way.setting in ("0.9", "0.3", "0.4")]
    return frontier(pipeline(), fold(), ways, k=5, bootstrap=Bootstrap(resamples=20))
