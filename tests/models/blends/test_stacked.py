import numpy as np
import pytest

from slatewright.core.errors import BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.models import ALS, ItemKNN, Popularity, StackedBlend, WeightedBlend
from slatewright.models.costs import GATHERS, SORTED, Size
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import two_tastes

NEAR, POPULAR = ItemKNN(n_neighbors=8), Popularity()


class TestStackedBlend(EstimatorKit):
    estimator = StackedBlend((NEAR, POPULAR))


class TestWithBands(EstimatorKit):
    estimator = StackedBlend((ALS(embedding_dim=4, epochs=2), NEAR), (4, 8), "rank", 0.3, n_candidates=5, reg=1.0)


def test_the_model_that_knows_tastes_gets_the_weight() -> None:
    weights = StackedBlend((NEAR, POPULAR), validation_share=0.3, reg=0.1).fit(dataset_of(two_tastes())).weights
    assert weights.shape == (1, 2)
    assert weights.sum() == pytest.approx(1)
    assert weights[0, 0] > 0.9


def test_events_without_times_are_held_out_at_random() -> None:
    events = two_tastes().drop("time")
    weights = StackedBlend((NEAR, POPULAR), validation_share=0.3, reg=0.1).fit(dataset_of(events)).weights
    assert weights[0, 0] > 0.8


def test_weights_are_alike_where_nothing_can_be_held_out() -> None:
    weights = StackedBlend((NEAR, POPULAR), (5,)).fit(dataset_of(two_tastes().head(1))).weights
    np.testing.assert_array_equal(weights, np.full((2, 2), 0.5))


def test_a_band_of_nobody_gets_the_common_weights() -> None:
    town = dataset_of(two_tastes())
    banded = StackedBlend((NEAR, POPULAR), (1000,), validation_share=0.3).fit(town).weights
    common = StackedBlend((NEAR, POPULAR), validation_share=0.3).fit(town).weights
    np.testing.assert_allclose(banded[1], common[0])


def test_parts_are_fitted_twice() -> None:
    size = Size.of(dataset_of(two_tastes()))
    stacked, once = StackedBlend((NEAR, POPULAR)).cost(size), WeightedBlend((NEAR, POPULAR)).cost(size)
    assert stacked.memory > once.memory
    assert stacked.work[GATHERS] == 2 * once.work[GATHERS]
    assert stacked.work[SORTED] > 2 * once.work[SORTED]  # lists are scored and learned from


def test_lengths_must_be_whole_numbers() -> None:
    with pytest.raises(BadKnob, match=r"StackedBlend.lengths must be whole numbers >= 1 that rise, got \(0,\)"):
        StackedBlend((NEAR,), (0,))
