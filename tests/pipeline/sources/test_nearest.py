from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from slatewright.core.errors import BadInput, BadKnob
from slatewright.models import nearest
from slatewright.pipeline import ModelSource, NearestSource, Pipeline, Query, Recipe, Request
from slatewright.pipeline.filters import CategoryFilter
from slatewright.pipeline.learning import learn
from slatewright.pipeline.packing import pack, unpack
from slatewright.pipeline.running import narrowed
from slatewright.store.bundle import read_bundle, write_bundle
from slatewright.store.card import Card
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town, town_pipeline, town_recipe

SOURCE = NearestSource("taste", limit=5, precision="f32", exact_below=0)


@pytest.fixture(autouse=True)
def _a_short_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "HEAD", 4)


@cache
def with_an_index() -> Pipeline:
    recipe = town_recipe(sources=(SOURCE,))
    return Pipeline(recipe, learn(recipe, town()))


class TestNearestSource(StageKit):
    stage = NearestSource("taste", limit=3)


def asked(source: NearestSource, query: Query, pipeline: Pipeline | None = None) -> tuple[list[int], str]:
    proposal = source.bind((pipeline or town_pipeline()).world).propose(query)
    return proposal.items.tolist(), proposal.how


def test_a_small_catalogue_is_scored_as_a_model_source_scores_it() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(3, AS_OF, "u000"))
    items, how = asked(NearestSource("taste", limit=5), query)
    assert items == ModelSource("taste", limit=5).bind(pipeline.world).propose(query).items.tolist()
    assert how == "exact: every item was scored"
    assert learn(town_recipe(sources=(NearestSource("taste"),)), town()).indexes == {}


def test_an_index_finds_the_same_and_nothing_else_is_scored() -> None:
    pipeline = with_an_index()
    for user in ("u000", "u001", "u007"):
        query = pipeline.query(Request(3, AS_OF, user))
        items, how = asked(SOURCE, query, pipeline)
        exact, _ = asked(NearestSource("taste", limit=5), town_pipeline().query(Request(3, AS_OF, user)))
        assert items == exact
        assert how == "by the index (f32)"
        assert query.scored == {}
        assert list(query.vectors) == ["taste"]


def test_among_the_few_items_that_a_filter_leaves_all_are_scored() -> None:
    pipeline = with_an_index()
    stages = replace(pipeline.stages, filters=(CategoryFilter().bind(pipeline.world),))
    query = narrowed(stages, pipeline.query(Request(3, AS_OF, "u000", categories=frozenset({"coffee"}))))
    items, how = asked(SOURCE, query, pipeline)
    assert len(items) > 5
    assert all(item % 2 for item in items)
    assert how == "exact: 12 items that a filter leaves were scored"
    assert asked(SOURCE, replace(query, only=np.array([3], dtype=np.int32)), pipeline)[0] == [3]


def test_where_a_filter_leaves_most_items_more_is_asked_of_the_index() -> None:
    pipeline = with_an_index()
    query = pipeline.query(Request(3, AS_OF, "u000"))
    most = replace(query, only=np.arange(15, dtype=np.int32))
    assert asked(SOURCE, most, pipeline)[1] == "by the index (f32)"
    assert len(asked(SOURCE, most, pipeline)[0]) >= len(asked(SOURCE, query, pipeline)[0])


def test_the_index_lies_in_the_bundle_and_its_recall_on_the_card(tmp_path: Path) -> None:
    world = with_an_index().world
    packed = pack(world, with_an_index().recipe)
    told = packed.models["taste"]["indexes"]["f32-5"]
    assert told["used"] is True
    assert told["recall"] >= 0.95
    card = Card(AS_OF, "v", "r", "1", packed.models, {})
    back = unpack(read_bundle(tmp_path / write_bundle(tmp_path, card, packed.arrays, packed.tables)))
    assert isinstance(back.indexes["taste/f32-5"].graph.base, np.memmap)
    query = with_an_index().query(Request(3, AS_OF, "u003"))
    assert asked(SOURCE, query, Pipeline(with_an_index().recipe, back)) == asked(SOURCE, query, with_an_index())


def test_an_index_that_finds_too_little_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "_recall", lambda *_: 0.5)
    recipe = town_recipe(sources=(SOURCE,))
    pipeline = Pipeline(recipe, learn(recipe, town()))
    assert pipeline.world.indexes["taste/f32-5"].told()["used"] is False
    assert asked(SOURCE, pipeline.query(Request(3, AS_OF, "u000")), pipeline)[1] == "exact: every item was scored"


def test_only_a_model_of_factors_has_vectors_to_index() -> None:
    with pytest.raises(BadInput, match=r"must name an estimator that learns Factors or .*ItemKNN"):
        Recipe(town_recipe().estimators, (NearestSource("together"),))
    with pytest.raises(BadKnob, match=r"NearestSource\.precision must be one of 'int8', 'f16', 'f32', got 'f8'"):
        NearestSource("taste", precision="f8")
