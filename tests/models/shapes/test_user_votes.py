import numpy as np
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import UserKNN
from slatewright.testing.worlds import two_tastes

DATASET = dataset_of(two_tastes())


@pytest.mark.parametrize("similarity", ["cosine", "jaccard", "pearson"])
def test_reasons_add_up_to_the_score(similarity: str) -> None:
    model = UserKNN(similarity=similarity, n_neighbors=5, history_half_life_days=5).fit(DATASET)
    history = DATASET.histories().take(np.array([7], dtype=np.int32))
    scores = model.score(history)[0]
    for item in (0, 5, 11):
        assert model.reasons(history, item).sum() == pytest.approx(scores[item], rel=1e-3, abs=1e-5)


def test_the_most_similar_training_history_is_the_same_history() -> None:
    model = UserKNN(n_neighbors=1, shrinkage=0).fit(DATASET)
    users, likeness = model.neighbors_of(DATASET.histories().take(np.array([3], dtype=np.int32)))
    assert users.tolist() == [3]
    assert likeness == pytest.approx([1])


def test_an_empty_history_is_answered_by_what_everybody_takes() -> None:
    model = UserKNN().fit(DATASET)
    np.testing.assert_array_equal(model.score(Histories.of([[]]))[0], model.prior)
    assert model.prior.sum() == pytest.approx(1)


def test_similar_items_share_their_audience() -> None:
    others, _ = UserKNN().fit(DATASET).similar(np.array([4], dtype=np.int32), 3)
    assert all(int(other) % 2 == 0 for other in others[0])
