import numpy as np
import pytest

from slatewright.pipeline.likeness import likeness_of
from slatewright.testing.town import town_pipeline

SOME = np.array([0, 1, 2, 3, 24], dtype=np.int32)


@pytest.mark.parametrize("model", [None, "taste", "together", "popular"])
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
