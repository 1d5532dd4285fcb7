import numpy as np
import pytest

from slatewright.core.arrays import Scores
from slatewright.core.errors import BadInput
from slatewright.models import EASE, Content, SparseInverse
from slatewright.models.shapes import ItemPairs
from slatewright.models.shapes.item_vectors import ItemVectors
from slatewright.pipeline import ModelSource, Pipeline, Recipe, World
from slatewright.pipeline.likeness import Likeness, definite_likeness_of, likeness_of
from slatewright.testing.town import town, town_pipeline

SOME = np.array([0, 1, 2, 3, 24], dtype=np.int32)


def matrix(likeness: Likeness, items: np.typing.NDArray[np.int32] = SOME) -> Scores:
    alike = likeness.among(items)
    return np.stack([alike.row(at) for at in range(len(items))])


def told(model: str | None, world: World | None = None) -> Scores:
    return matrix(likeness_of(world or town_pipeline().world, model, "MMR"))


@pytest.mark.parametrize("model", [None, "taste", "together"])
def test_likeness_is_symmetric_and_between_0_and_1(model: str | None) -> None:
    alike = told(model)
    assert alike.shape == (5, 5)
    np.testing.assert_allclose(alike, alike.T, atol=1e-6)
    assert alike.min() >= 0
    assert alike.max() <= 1.000001


@pytest.mark.parametrize("model", [None, "taste", "together"])
def test_a_tea_is_more_like_a_tea_than_like_a_coffee(model: str | None) -> None:
    alike = told(model)
    assert alike[0, 2] > alike[0, 1]
    assert alike[1, 3] > alike[1, 2]


def test_categories_by_hand() -> None:
    assert told(None).tolist() == [[float((a - b) % 2 == 0) for b in (0, 1, 2, 3, 24)] for a in (0, 1, 2, 3, 24)]


def test_factors_by_the_cosine_of_numpy() -> None:
    factors = town_pipeline().world.models["taste"].arrays()["item_factors"][SOME]
    unit = factors / np.maximum(np.linalg.norm(factors, axis=1, keepdims=True), 1e-12)
    np.testing.assert_allclose(told("taste"), np.clip(unit @ unit.T, 0, 1), atol=1e-5)
    definite = matrix(definite_likeness_of(town_pipeline().world, "taste", "DPP"))
    np.testing.assert_allclose(definite, (1 + unit @ unit.T) / 2, atol=1e-5)


def test_pairs_by_the_stored_matrix() -> None:
    model = town_pipeline().world.models["together"]
    assert isinstance(model, ItemPairs)
    whole = np.zeros((len(model.prior), len(model.prior)), dtype=np.float32)
    owner = np.repeat(np.arange(len(model.prior)), np.diff(model.offsets))
    whole[owner, model.neighbors] = model.similarities
    expected = np.clip(np.maximum(whole, whole.T), 0, 1)[np.ix_(SOME, SOME)]
    np.testing.assert_array_equal(told("together"), expected)


def test_features_by_the_cosine_of_their_rows() -> None:
    recipe = Recipe({"facts": Content()}, [ModelSource("facts")])
    world = Pipeline.fit(recipe, town()).world
    model = world.models["facts"]
    assert isinstance(model, ItemVectors)
    rows = model.rows.matrix(model.space.n_features).toarray()[SOME]
    lengths = np.linalg.norm(rows, axis=1)
    expected = rows @ rows.T / np.maximum(np.outer(lengths, lengths), 1e-12)
    np.testing.assert_allclose(told("facts", world), expected, atol=1e-5)


def test_all_pairs_of_items_tell_as_the_kept_ones_do() -> None:
    recipe = Recipe({"all": EASE(reg=5.0), "kept": SparseInverse(n_neighbors=24, reg=5.0)}, [ModelSource("all")])
    world = Pipeline.fit(recipe, town()).world
    np.testing.assert_allclose(told("all", world)[:4, :4], told("kept", world)[:4, :4], atol=2e-3)


@pytest.mark.parametrize("model", [None, "taste"])
def test_a_definite_likeness_has_no_negative_eigenvalue(model: str | None) -> None:
    everything = np.arange(25, dtype=np.int32)
    alike = matrix(definite_likeness_of(town_pipeline().world, model, "DPP"), everything)
    assert np.linalg.eigvalsh(alike.astype(np.float64)).min() > -1e-5


def test_a_model_that_does_not_tell_is_refused() -> None:
    with pytest.raises(BadInput, match=r"MMR\(.*\) must name .* learns Factors or .*, got .* item_scores"):
        likeness_of(town_pipeline().world, "popular", "MMR(model='popular')")
    with pytest.raises(BadInput, match=r"DPP must name .* learns Factors or .*ItemVectors, got .* item_pairs"):
        definite_likeness_of(town_pipeline().world, "together", "DPP")
