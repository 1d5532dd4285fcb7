"""The total answer: any query gets k eligible items, fewer only when the catalogue has fewer."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.core.errors import BadInput
from slatewright.data.dataset import dataset_of
from slatewright.models import ALS, ItemKNN, Popularity
from slatewright.pipeline import MMR, Pipeline, Query, Recipe, Request, Slate, TopK
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe
from slatewright.testing.worlds import checkerboard

ITEMS = [f"i{at:03d}" for at in range(25)]
NAMES = st.sampled_from([*ITEMS, "no such item", "", "🍵"])
CATEGORIES = st.frozensets(st.sampled_from(["tea", "coffee", "beer", ""]), max_size=3)
REQUESTS = st.builds(
    Request,
    k=st.integers(1, 40) | st.just(10**9),
    now=st.integers(0, 2 * AS_OF),
    user_id=st.none() | st.sampled_from(["u000", "u001", "u060", "stranger", "", "ü 007"]),
    items=st.lists(NAMES, max_size=30),
    exclude=st.lists(NAMES, max_size=30),
    categories=st.none() | CATEGORIES,
    exclude_categories=CATEGORIES,
    facts=st.dictionaries(st.sampled_from(["drinks", "age"]), st.sampled_from(["tea", "coffee", "42"])),
)


def eligible(pipeline: Pipeline, query: Query, request: Request) -> set[str]:
    """The items that may be shown, straight from the request and the catalogue."""
    catalogue, seen = pipeline.world.catalogue, set(query.history.items)
    allowed = set()
    for at, name in enumerate(catalogue.items):
        shelves = set(catalogue.categories_of(at))
        wanted = request.categories is None or bool(shelves & request.categories)
        if wanted and not shelves & request.exclude_categories and catalogue.available[at]:
            allowed |= {name} - set(request.exclude) if at not in seen else set()
    return allowed


def check(pipeline: Pipeline, request: Request) -> Slate:
    query = pipeline.query(request)
    slate, allowed = pipeline.answer(query), eligible(pipeline, query, request)
    assert set(slate.item_ids) <= allowed
    assert len(set(slate.item_ids)) == len(slate.items) == min(request.k, len(allowed))
    assert [placed.position for placed in slate.items] == list(range(1, len(slate.items) + 1))
    assert all(placed.source in slate.trace.source_names for placed in slate.items)
    assert all(np.isfinite(placed.score) for placed in slate.items)
    assert not slate.trace.notes
    return slate


@settings(deadline=None, max_examples=200)
@given(REQUESTS)
def test_any_query_gets_exactly_the_eligible_items_it_can(request: Request) -> None:
    check(town_pipeline(), request)


@settings(deadline=None, max_examples=60)
@given(st.data(), st.integers(1, 3), st.integers(1, 6))
def test_tiny_shops_answer_too(data: st.DataObject, n_items: int, n_events: int) -> None:
    names = st.sampled_from([f"i{at:03d}" for at in range(n_items)])
    users = st.sampled_from(["a", "b"])
    rows = data.draw(st.lists(st.tuples(users, names, st.integers(0, 9)), min_size=1, max_size=n_events))
    events = pl.DataFrame(rows, schema=["user_id", "item_id", "time"], orient="row")
    recipe = town_recipe(estimators={"taste": ALS(2, epochs=1), "together": ItemKNN(2), "popular": Popularity()})
    pipeline = Pipeline.fit(recipe, dataset_of(events))
    for user_id in ("a", "b", None):
        check(pipeline, Request(data.draw(st.integers(1, 5)), 10, user_id))


@settings(deadline=None, max_examples=50)
@given(REQUESTS)
def test_equal_queries_get_equal_slates(request: Request) -> None:
    first, second = (town_pipeline().ask(request) for _ in range(2))
    assert (first.slate_id, first.items, first.fallback) == (second.slate_id, second.items, second.fallback)


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_is_refused_at_the_door(k: int) -> None:
    with pytest.raises(BadInput, match=f"k must be at least 1, got {k}"):
        Request(k, AS_OF)


def test_the_checkerboard_is_solved() -> None:
    dataset = dataset_of(checkerboard(20))
    pipeline = Pipeline.fit(town_recipe(), dataset)
    for user in range(20):
        assert pipeline.ask(Request(1, dataset.as_of, f"u{user:03d}")).item_ids == (f"i{user:03d}",)


def test_what_the_visitor_has_in_hand_decides() -> None:
    slate = check(town_pipeline(), Request(3, AS_OF, items=("i001", "i003", "i005")))
    assert all(int(name[1:]) % 2 == 1 for name in slate.item_ids)


def test_orders_compose() -> None:
    pipeline = Pipeline(town_recipe(orders=(TopK(), MMR(relevance=0.3))), town_pipeline().world)
    slate = check(pipeline, Request(4, AS_OF, "u000"))
    assert {int(name[1:]) % 2 for name in slate.item_ids} == {0, 1}
    assert [name for name, _ in slate.trace.arrangements] == ["", "top-k", "variety"]


def test_the_default_recipe_answers() -> None:
    dataset = dataset_of(checkerboard(20))
    pipeline = Pipeline.fit(Recipe.default(), dataset)
    assert len(check(pipeline, Request(5, dataset.as_of, "u004")).items) == 5


def test_what_was_rated_down_is_neither_learned_from_nor_shown_again() -> None:
    rows = [("ann", "lamp", 5.0), ("ann", "cup", 1.0), ("bob", "lamp", 4.0), ("bob", "rug", 5.0), ("cid", "cup", 1.0)]
    events = pl.DataFrame(rows, schema=["user_id", "item_id", "value"], orient="row")
    dataset = dataset_of(events.with_columns(kind=pl.lit("rating"), time=pl.int_range(5)), positive_rating=3.0)
    pipeline = Pipeline.fit(Recipe.default(), dataset)
    shown = pipeline.recommend(["ann", "cid"], 3)
    assert shown.filter(user_id="ann")["item_id"].to_list() == ["rug"]
    assert sorted(shown.filter(user_id="cid")["item_id"]) == ["lamp", "rug"]
