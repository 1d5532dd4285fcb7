from dataclasses import replace
from pathlib import Path

import pytest

from slatewright.core.errors import BadBundle
from slatewright.features import Count
from slatewright.pipeline import Pipeline, Request
from slatewright.pipeline.packing import pack, unpack
from slatewright.store.bundle import Bundle, read_bundle, write_bundle
from slatewright.store.card import Card
from tests.pipeline.teaching.worlds import FEATURES, pipeline, recipe, score, shop


def bundled(shelf: Path) -> Bundle:
    packed = pack(pipeline().world, recipe())
    card = Card(shop().as_of, "v", "r", "1", packed.models, {})
    return read_bundle(shelf / write_bundle(shelf, card, packed.arrays, packed.tables))


def test_a_learned_score_comes_back_and_answers_alike(tmp_path: Path) -> None:
    again = Pipeline(recipe(), unpack(bundled(tmp_path), recipe()))
    for user in range(0, 150, 30):
        request = Request(9, shop().as_of, shop().users.name(user))
        slate = again.ask(request)
        assert slate.items == pipeline().ask(request).items
        assert not slate.trace.notes


def test_a_bundle_counted_for_other_features_is_refused(tmp_path: Path) -> None:
    other = recipe(score(features=(*FEATURES[:2], Count("cart"))))
    with pytest.raises(BadBundle, match="other features"):
        unpack(bundled(tmp_path), other)


def test_a_world_without_a_learned_score_has_nothing_of_it(tmp_path: Path) -> None:
    plain = replace(recipe(), score=None)
    packed = pack(replace(pipeline().world, taught=None, counts=None), plain)
    assert not [name for name in packed.arrays if name.startswith(("taught/", "counts/"))]
    card = Card(shop().as_of, "v", "r", "1", packed.models, {})
    world = unpack(read_bundle(tmp_path / write_bundle(tmp_path, card, packed.arrays, packed.tables)), plain)
    assert world.taught is None
    assert world.counts is None
