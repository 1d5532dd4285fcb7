import numpy as np
import pytest

from slatewright.models import RatingKNN

from ..knn.test_rating_knn import some_ratings


@pytest.mark.parametrize("baseline", ["mean", "bias"])
def test_the_level_of_the_item_and_the_reasons_add_up_to_the_score(baseline: str) -> None:
    dataset, _ = some_ratings()
    model = RatingKNN(n_neighbors=3, baseline=baseline).fit(dataset)
    histories = dataset.histories()
    for user, item in ((0, 3), (7, 8)):
        history = histories.take(np.array([user], dtype=np.int32))
        level = model.levels[item] * model.scale[1] + model.scale[0]
        assert level + model.reasons(history, item).sum() == pytest.approx(model.score(history)[0, item], rel=1e-4)


def test_what_got_like_ratings_from_the_same_people_is_similar() -> None:
    dataset, table = some_ratings()
    model = RatingKNN(shrinkage=1).fit(dataset)
    others, likeness = model.similar(np.array([4], dtype=np.int32), 2)
    assert (likeness > 0).all()
    both = np.isfinite(table[:, 4]) & np.isfinite(table[:, others[0, 0]])
    assert np.corrcoef(table[both, 4], table[both, others[0, 0]])[0, 1] > 0
