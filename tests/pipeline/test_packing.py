from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from slatewright.core.errors import BadBundle
from slatewright.models import ItemKNN, Popularity, WeightedBlend
from slatewright.pipeline import ModelSource, Pipeline, Recipe, Request
from slatewright.pipeline.learning import learn
from slatewright.pipeline.packing import pack, unpack
from slatewright.store.bundle import Bundle, read_bundle, write_bundle
from slatewright.store.card import Card
from slatewright.testing.town import AS_OF, town, town_pipeline, town_recipe


def bundled(shelf: Path) -> Bundle:
    packed = pack(town_pipeline().world, town_recipe())
    card = Card(AS_OF, "v", "r", "1", packed.models, {})
    return read_bundle(shelf / write_bundle(shelf, card, packed.arrays, packed.tables))


def test_a_world_comes_back_and_answers_alike(tmp_path: Path) -> None:
    world = unpack(bundled(tmp_path))
    again = Pipeline(town_recipe(), world)
    for request in (
        Request(9, AS_OF, "u004"),
        Request(9, AS_OF, "u060"),
        Request(9, AS_OF, categories=frozenset({"coffee"})),
        Request(9, AS_OF, facts={"drinks": "tea"}),
    ):
        assert again.ask(request).items == town_pipeline().ask(request).items
    assert world.catalogue.title(3) == "Coffee 3"
    assert world.as_of == AS_OF
    query = again.query(Request(9, AS_OF, "u000"))
    assert query.shown.items.tolist() == [1, 3, 5, 1, 3]
    assert query.shown.times.tolist() == town_pipeline().query(Request(9, AS_OF, "u000")).shown.times.tolist()


def test_arrays_stay_on_disk(tmp_path: Path) -> None:
    world = unpack(bundled(tmp_path))
    assert isinstance(world.known.histories.items.base, np.memmap)
    assert isinstance(world.models["taste"].arrays()["item_factors"].base, np.memmap)


def test_knobs_are_on_the_card() -> None:
    assert pack(town_pipeline().world, town_recipe()).models["taste"]["knobs"]["embedding_dim"] == 4


@pytest.mark.parametrize("part", ["histories/items", "models/taste/item_factors", "catalogue/available"])
def test_a_bundle_without_a_part_is_refused(tmp_path: Path, part: str) -> None:
    whole = bundled(tmp_path)
    arrays = {name: array for name, array in whole.arrays.items() if name != part}
    with pytest.raises(BadBundle, match="lacks a part of a pipeline"):
        unpack(replace(whole, arrays=arrays))


def test_a_shape_from_the_future_is_refused(tmp_path: Path) -> None:
    whole = bundled(tmp_path)
    card = replace(whole.card, models={"taste": {"shape": "hologram"}})
    with pytest.raises(BadBundle, match="a model's kind must be one of"):
        unpack(replace(whole, card=card))


def test_a_blend_is_packed_with_the_knobs_of_its_parts(tmp_path: Path) -> None:
    recipe = Recipe({"both": WeightedBlend((Popularity(), ItemKNN(n_neighbors=5)), (1.0, 2.0))}, (ModelSource("both"),))
    world = learn(recipe, town())
    packed = pack(world, recipe)
    near = packed.models["both"]["knobs"]["estimators"][1]
    assert (near["estimator"], near["knobs"]["n_neighbors"]) == ("ItemKNN", 5)
    assert packed.models["both"]["knobs"]["weights"] == [1.0, 2.0]
    card = Card(AS_OF, "v", "r", "1", packed.models, {})
    back = unpack(read_bundle(tmp_path / write_bundle(tmp_path, card, packed.arrays, packed.tables)))
    histories = world.known.histories
    np.testing.assert_array_equal(back.models["both"].score(histories), world.models["both"].score(histories))
