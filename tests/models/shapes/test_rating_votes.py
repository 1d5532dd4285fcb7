import numpy as np
import pytest

from slatewright.models import RatingKNN

from ..knn.test_rating_knn import some_ratings


@pytest.mark.parametrize("baseline", ["mean", "bias"])
def test_the_level_of_the_item_and_the_reasons_add_up_to_the_score(baseline: str) -> None:
    dataset, _ = some_ratings()
    model = RatingKNN(by="users", n_neighbors=3, baseline=baseline).fit(dataset)
    histories = dataset.histories()
    for user, item in ((0, 3), (7, 8)):
        history = histories.take(np.array([user], dtype=np.int32))
        level = model.levels[item] * model.scale[1] + model.scale[0]
        assert level + model.reasons(history, item).sum() == pytest.approx(model.score(history)[0, item], rel=1e-4)


def test_what_people_rate_alike_is_similar() -> None:
    dataset, _ = some_ratings()
    others, likeness = RatingKNN(by="users").fit(dataset).similar(np.array([4], dtype=np.int32), 11)
    assert others.shape == (1, 11)
    assert likeness[0, 0] > likeness[0, -1]
