import numpy as np
import pytest

from slatewright.core.errors import BadInput
from slatewright.models import EASE, SparseInverse
from slatewright.pipeline import ModelSource, Pipeline, Recipe
from slatewright.pipeline.likeness import likeness_of
from slatewright.testing.town import town, town_pipeline

SOME = np.array([0, 1, 2, 3, 24], dtype=np.int32)


@pytest.mark.parametrize("model", [None, "taste", "together"])
def test_likeness_is_symmetric_and_between_0_and_1(model: str | None) -> None:
    alike = likeness_of(town_pipeline().world, model)(SOME)
    assert alike.shape == (5, 5)
    np.testing.assert_allclose(alike, alike.T, atol=1e-6)
    assert alike.min() >= 0
    assert alike.max() <= 1.000001


@pytest.mark.parametrize("model", [None, "taste", "together"])
def test_a_tea_is_more_like_a_tea_than_like_a_coffee(model: str | None) -> None:
    alike = likeness_of(town_pipeline().world, model)(SOME)
    assert alike[0, 2] > alike[0, 1]
    assert alike[1, 3] > alike[1, 2]


def test_categories_by_hand() -> None:
    alike = likeness_of(town_pipeline().world, None)(SOME)
    assert alike.tolist() == [[float((a - b) % 2 == 0) for b in (0, 1, 2, 3, 24)] for a in (0, 1, 2, 3, 24)]


def test_all_pairs_of_items_tell_as_the_kept_ones_do() -> None:
    recipe = Recipe({"all": EASE(reg=5.0), "kept": SparseInverse(n_neighbors=24, reg=5.0)}, [ModelSource("all")])
    world = Pipeline.fit(recipe, town()).world
    some = SOME[:4]
    np.testing.assert_allclose(likeness_of(world, "all")(some), likeness_of(world, "kept")(some), atol=2e-3)


def test_a_model_that_does_not_tell_is_refused() -> None:
    with pytest.raises(BadInput, match=r"MMR\(model='popular'\) must name .* learns Factors or .*, got .* item_scores"):
        likeness_of(town_pipeline().world, "popular")
