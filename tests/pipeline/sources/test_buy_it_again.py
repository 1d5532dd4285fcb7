"""What this user buys again about now."""

import numpy as np
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.errors import BadInput, NotThere
from slatewright.data.dataset import dataset_of
from slatewright.models import BuyItAgain
from slatewright.pipeline import BuyItAgainSource, Pipeline, PopularSource, Recipe, SeenFilter
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import town_pipeline
from slatewright.testing.worlds import weekly_coffee


class TestBuyItAgainSource(StageKit):
    stage = BuyItAgainSource("again")


class TestOnlyWhatIsLate(StageKit):
    stage = BuyItAgainSource("again", due=2.0, limit=3)


def coffee_shop(**seen: object) -> Pipeline:
    recipe = Recipe(
        {"again": BuyItAgain(horizon_days=3)},
        sources=(BuyItAgainSource("again"), PopularSource()),
        filters=(SeenFilter(**seen),),  # type: ignore[arg-type]
    )
    return Pipeline.fit(recipe, dataset_of(weekly_coffee()))


def test_an_item_is_proposed_when_it_is_time() -> None:
    pipeline = coffee_shop()
    source = pipeline.stages.sources[0]
    last = int(pipeline.world.known.histories.one(0).times.max())
    proposed = {
        days: pipeline.world.catalogue.items.names_of(
            source.propose(pipeline.query(Request(3, last + days * MICROSECONDS_PER_DAY, "u000"))).items
        ).to_list()
        for days in (1, 6)
    }
    assert "coffee" not in proposed[1]
    assert proposed[6][0] == "coffee"


def test_a_seen_filter_with_the_same_model_lets_it_through() -> None:
    days = 6 * MICROSECONDS_PER_DAY
    for seen, shown in (({}, False), ({"again": "again"}, True), ({"again": "again", "due": 3.0}, False)):
        pipeline = coffee_shop(**seen)
        last = int(pipeline.world.known.histories.one(0).times.max())
        slate = pipeline.ask(Request(1, last + days, "u000"))
        assert ("coffee" in slate.item_ids) == shown
        if shown:
            assert slate.items[0].source == "buy again"


def test_the_likeliest_comes_first_and_the_limit_holds() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(5, pipeline.world.as_of, "u001"))
    source = BuyItAgainSource("again", due=0.0, limit=4).bind(pipeline.world)
    proposal = source.propose(query)
    assert len(proposal.items) == 4
    assert (np.diff(proposal.scores) <= 0).all()
    assert set(proposal.items) <= set(query.history.items)


def test_another_model_is_refused() -> None:
    world = town_pipeline().world
    with pytest.raises(BadInput, match=r"BuyItAgainSource\('taste'\) must name a BuyItAgain estimator, got one that"):
        BuyItAgainSource("taste").bind(world)
    with pytest.raises(BadInput, match=r"SeenFilter\(again='popular'\) must name a BuyItAgain estimator"):
        SeenFilter(again="popular").bind(world)
    with pytest.raises(NotThere, match="asks for the model 'x'"):
        BuyItAgainSource("x").bind(world)
