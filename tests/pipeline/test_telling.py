from datetime import date

import polars as pl
import pytest

from slatewright.core.clock import instant
from slatewright.data.dataset import dataset_of
from slatewright.features import FeatureSet, Moment, UserFact
from slatewright.pipeline import Pipeline, PopularSource, Recipe, Request
from slatewright.pipeline.keeping import in_world, keep, kept
from slatewright.pipeline.policy import Condition
from slatewright.pipeline.telling import with_told

NOW = instant("2026-03-04")
FACTS = pl.DataFrame(
    {
        "user_id": ["ann", "bob", "new"],
        "country": ["DE", "FR", "DE"],
        "age": [30.0, 40.0, None],
        "member": [True, None, False],
        "blocked": [["cups"], None, None],
        "since": [date(2020, 1, 1), None, None],
    }
)
EVENTS = pl.DataFrame({"user_id": ["ann", "bob"], "item_id": ["tea", "mug"], "time": [1_000_000, 2_000_000]})


def pipeline() -> Pipeline:
    dataset = dataset_of(EVENTS, as_of=NOW, user_facts=FACTS)
    return Pipeline.fit(Recipe({}, (PopularSource(),)), dataset)


@pytest.mark.parametrize(
    ("told", "expression"),
    [
        ({"country": "IT"}, 'user.country == "IT"'),
        ({"age": 7}, "user.age == 7"),
        ({"member": False}, "not user.member"),
        ({"blocked": ("rum", "gin")}, '"gin" in user.blocked and "cups" not in user.blocked'),
        ({"blocked": "rum|gin"}, '"gin" in user.blocked'),
        ({"since": "2026-03-03"}, "now - user.since == 1"),
        ({"country": "IT", "age": 7, "shoes": 44}, 'user.country == "IT" and user.age == 7 and user.member'),
        ({"age": "old", "since": "never"}, 'user.age == 30 and user.since == time("2020-01-01")'),
    ],
)
def test_what_was_told_takes_the_place_of_what_is_known(told: dict[str, object], expression: str) -> None:
    shop = pipeline()
    query = shop.query(Request(2, NOW, "ann"))
    condition = Condition.of(expression, shop.world)
    assert condition.mask(with_told(query, told, {}), shop.bare.popular).all()
    assert not condition.mask(query, shop.bare.popular).any() or "age" in told


def test_what_the_request_tells_goes_first() -> None:
    shop = pipeline()
    request = Request(2, NOW, "ann", facts={"country": "PT"})
    query = with_told(shop.query(request), {"country": "IT", "age": 7}, request.facts)
    assert query.history.facts is not None
    assert query.history.facts.select("country", "age").row(0) == ("PT", 7)
    assert with_told(query, {"country": "IT"}, request.facts) is query


def test_a_newcomer_is_asked_by_what_was_told() -> None:
    shop = pipeline()
    new = with_told(shop.query(Request(2, NOW, "new")), {"country": "FR", "age": 7, "member": True, "shoes": 44}, {})
    assert new.facts == {"country": "FR", "age": "7.0", "member": "true", "shoes": "44"}
    assert with_told(shop.query(Request(2, NOW, "ann")), {"country": "FR"}, {}).facts == {}
    stranger = with_told(shop.query(Request(2, NOW, "who")), {"country": "FR"}, {})
    assert stranger.facts == {"country": "FR"}
    assert Condition.of('user.country == "FR"', shop.world).mask(stranger, shop.bare.popular).all()


def test_features_read_it() -> None:
    shop = pipeline()
    bound = FeatureSet((UserFact("age"),)).bind(shop.world.catalogue)
    query = with_told(shop.query(Request(2, NOW, "ann")), {"age": 7}, {})
    assert bound.read(Moment(NOW, query.history), shop.bare.popular, bound.nothing(NOW))[:, 0].tolist() == [7, 7]


def test_a_kept_slate_knows_what_was_told_by_then() -> None:
    shop = pipeline()
    told = {"country": "IT", "blocked": ("rum",)}
    slate = shop.answer(with_told(shop.query(Request(2, NOW, "ann")), told, {}))
    query = in_world(kept(keep(slate, "v1")).outcome, shop.world).trace.query
    assert query.told == told
    assert query.history.facts is not None
    assert query.history.facts.row(0, named=True)["country"] == "IT"


def test_a_shop_without_facts_of_users_goes_on() -> None:
    shop = Pipeline.fit(Recipe({}, (PopularSource(),)), dataset_of(EVENTS, as_of=NOW))
    query = with_told(shop.query(Request(2, NOW, "ann")), {"country": "IT"}, {})
    assert query.history.facts is None
    assert shop.answer(query).item_ids == ("mug",)  # tea was in her hands before


def test_a_yes_that_was_learned_reads_as_one_that_is_told() -> None:
    facts = FACTS.with_columns(member=pl.lit(True))
    shop = Pipeline.fit(Recipe({}, (PopularSource(),)), dataset_of(EVENTS, as_of=NOW, user_facts=facts))
    learned = shop.query(Request(2, NOW, "new")).facts
    assert learned["member"] == with_told(shop.query(Request(2, NOW, "who")), {"member": True}, {}).facts["member"]
    assert ("member", learned["member"]) in shop.world.fact_popularity.values.select("fact", "value").rows()
