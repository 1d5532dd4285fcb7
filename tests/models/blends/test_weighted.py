from typing import Any

import numpy as np
import pytest

from slatewright.core.errors import BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.models import ALS, ItemKNN, Popularity, WeightedBlend
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import two_tastes

TASTE, NEAR, POPULAR = ALS(embedding_dim=4, epochs=3), ItemKNN(n_neighbors=8), Popularity()


class TestWeightedBlend(EstimatorKit):
    estimator = WeightedBlend((TASTE, NEAR, POPULAR), (1.0, 0.5, -0.1))


class TestByRange(EstimatorKit):
    estimator = WeightedBlend((NEAR, POPULAR), normalisation="range")


class TestByRank(EstimatorKit):
    estimator = WeightedBlend((NEAR, POPULAR), normalisation="rank")


class TestByReciprocalRank(EstimatorKit):
    estimator = WeightedBlend((NEAR, POPULAR), (2.0, 1.0), normalisation="reciprocal_rank")


class TestBlendOfBlends(EstimatorKit):
    estimator = WeightedBlend((WeightedBlend((NEAR, POPULAR)), TASTE), normalisation="none")


def test_the_score_is_the_weighted_sum_of_standard_scores() -> None:
    town = dataset_of(two_tastes())
    blend = WeightedBlend((NEAR, POPULAR), (2.0, 1.0)).fit(town)
    for user in (0, 7):
        history = town.histories().take(np.array([user], np.int32))
        unseen = np.setdiff1d(np.arange(town.n_items), history.items)
        expected = np.zeros(town.n_items)
        for weight, estimator in ((2.0, NEAR), (1.0, POPULAR)):
            scores = estimator.fit(town).score(history)[0].astype(np.float64)
            expected += weight * (scores - scores[unseen].mean()) / scores[unseen].std()
        np.testing.assert_allclose(blend.score(history)[0], expected, rtol=1e-4, atol=1e-5)


def test_one_part_alone_ranks_as_itself() -> None:
    town = dataset_of(two_tastes())
    users = list(town.users)
    alone = NEAR.fit(town).recommend(users, 5)
    blended = WeightedBlend((NEAR, TASTE), (1.0, 0.0)).fit(town).recommend(users, 5)
    assert blended["item_id"].to_list() == alone["item_id"].to_list()


@pytest.mark.parametrize(
    ("knobs", "message"),
    [
        ({"estimators": ()}, "WeightedBlend.estimators must be one estimator or more, got none"),
        ({"estimators": (Popularity,)}, "must be estimators"),
        ({"estimators": (NEAR,), "weights": (1.0, 2.0)}, "must be one for each of 1 estimators"),
        ({"estimators": (NEAR,), "weights": (float("nan"),)}, "must be finite"),
        ({"estimators": (NEAR,), "weights": (0.0,)}, "not all 0"),
        ({"estimators": (NEAR,), "normalisation": "softmax"}, "must be one of 'deviation'"),
    ],
)
def test_a_blend_that_cannot_be_is_refused(knobs: dict[str, Any], message: str) -> None:
    with pytest.raises(BadKnob, match=message):
        WeightedBlend(**knobs)
