import numpy as np
import pytest

from slatewright.models.knn.rating_levels import Levels, user_levels
from slatewright.models.ratings.table import Ratings

from .test_rating_knn import levels_of, some_ratings


def test_a_users_level_is_the_mean_of_what_is_left_held_back() -> None:
    left, offsets = np.array([1.0, 2.0, 4.0]), np.array([0, 2, 2, 3])
    assert user_levels(left, offsets, 1.0).tolist() == [1.0, 0.0, 2.0]
    assert user_levels(left, offsets, np.inf).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("baseline", ["mean", "bias"])
@pytest.mark.parametrize("by", ["items", "users"])
def test_levels_are_those_written_out(by: str, baseline: str) -> None:
    dataset, table = some_ratings()
    ratings = Ratings.of(dataset)
    levels = Levels.of(ratings, by, baseline, 10.0)
    deviations, _ = levels.deviations(ratings)
    items, users, overall = levels_of(table, baseline, by)
    wanted = (table - overall - items - users[:, None])[np.isfinite(table)]
    np.testing.assert_allclose(deviations * ratings.scale.spread, wanted, rtol=1e-3, atol=1e-5)
