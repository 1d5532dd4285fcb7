"""Content and hybrid models in a pipeline: visitors told by facts alone, warm items, bundles, reasons, diversity."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from slatewright.models import ALS, Content, FactFactors, FactMapped
from slatewright.pipeline import BlendScore, ModelSource, Pipeline, Recipe
from slatewright.pipeline.likeness import likeness_of
from slatewright.pipeline.packing import pack, unpack
from slatewright.pipeline.request import Request
from slatewright.store.bundle import read_bundle, write_bundle
from slatewright.store.card import Card
from slatewright.testing.town import AS_OF, town, town_recipe

NAMES = ("content", "facts", "mapped")
ESTIMATORS = {
    "content": Content(user_reg=1.0),
    "facts": FactFactors(embedding_dim=4, epochs=6, item_reg=1.0, user_reg=1.0),
    "mapped": FactMapped(ALS(embedding_dim=4, epochs=4), reg=1.0),
}


def recipe(name: str) -> Recipe:
    return town_recipe(estimators=ESTIMATORS, sources=(ModelSource(name),), score=BlendScore({name: 1.0}))


@cache
def pipeline(name: str) -> Pipeline:
    return Pipeline.fit(recipe(name), town())


def parities(items: list[str]) -> set[int]:
    return {int(item[1:]) % 2 for item in items}


@pytest.mark.parametrize("name", ["content", "facts"])
@pytest.mark.parametrize(("drinks", "parity"), [("tea", 0), ("coffee", 1)])
def test_a_visitor_told_by_facts_alone_gets_what_the_like_take(name: str, drinks: str, parity: int) -> None:
    slate = pipeline(name).ask(Request(6, AS_OF, "nobody", facts={"drinks": drinks}))
    assert not slate.trace.notes
    assert parities(list(slate.item_ids)) == {parity}


@pytest.mark.parametrize("name", ["content", "facts"])
def test_a_known_user_who_never_came_is_known_by_facts(name: str) -> None:
    assert parities(list(pipeline(name).ask(Request(6, AS_OF, "u060")).item_ids)) == {0}  # drinks tea


@pytest.mark.parametrize("name", NAMES)
def test_the_item_that_nobody_took_is_shown(name: str) -> None:
    slate = pipeline(name).ask(Request(20, AS_OF, "u000"))
    assert "i024" in slate.item_ids


@pytest.mark.parametrize("name", NAMES)
def test_a_bundle_brings_the_model_back(name: str, tmp_path: Path) -> None:
    world = pipeline(name).world
    packed = pack(world, recipe(name))
    card = Card(AS_OF, "v", "r", "1", packed.models, {})
    bundle = read_bundle(tmp_path / write_bundle(tmp_path, card, packed.arrays, packed.tables))
    again = Pipeline(recipe(name), unpack(bundle))
    for request in (Request(9, AS_OF, "u004"), Request(9, AS_OF, facts={"drinks": "tea"}), Request(9, AS_OF)):
        assert again.ask(request).item_ids == pipeline(name).ask(request).item_ids


@pytest.mark.parametrize("name", NAMES)
def test_likeness_for_diversity_comes_from_the_model(name: str) -> None:
    some = likeness_of(pipeline(name).world, name, "MMR").among(np.array([0, 2, 1], dtype=np.int32))
    alike = np.stack([some.row(at).copy() for at in range(3)])
    np.testing.assert_allclose(np.diag(alike), 1, atol=1e-5)
    assert alike[0, 1] > alike[0, 2]
