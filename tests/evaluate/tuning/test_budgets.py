"""Growing budgets: epochs that double, users of whom the larger share holds the smaller."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.evaluate.tuning import Search
from slatewright.evaluate.tuning.budgets import EPOCHS, FULL, USERS, ladder_of, some_users
from slatewright.evaluate.tuning.deriving import space_of
from slatewright.models import ALS

from .worlds import FOLD, Peak

SEARCH = Search()


@given(st.floats(0.01, 1), st.floats(0.01, 1), st.integers(0, 5))
def test_a_larger_share_of_users_holds_a_smaller_one_and_each_history_is_whole(
    one: float, other: float, seed: int
) -> None:
    train = FOLD.train
    small, large = (some_users(train, share, seed) for share in sorted((one, other)))
    assert set(small.interactions.user) <= set(large.interactions.user)
    counts = np.bincount(train.interactions.user, minlength=train.n_users)
    kept = np.bincount(small.interactions.user, minlength=train.n_users)
    assert all(kept[user] in (0, counts[user]) for user in range(train.n_users))
    assert small.users is train.users
    assert small.items is train.items


def test_epochs_double_to_the_most_and_leave_the_space() -> None:
    estimator = ALS(epochs=5)
    ladder, left = ladder_of(estimator, space_of(estimator, {"reg": None, "epochs": (1, 32)}), SEARCH)
    assert (ladder.of, ladder.rungs, ladder.keep_best) == (EPOCHS, (4, 8, 16, 32), True)
    assert set(left.ranges) == {"reg"}
    assert ladder.rung_of(estimator) == 1
    assert ladder.settled({"reg": 1}, 2) == {"reg": 1, "epochs": 16}
    fitted, train = ladder.fitted(estimator, FOLD.train, 0, seed=0)
    assert fitted == replace(estimator, epochs=4)
    assert train is FOLD.train


def test_epochs_that_are_not_searched_are_reached_in_steps_but_never_chosen() -> None:
    estimator = ALS(epochs=8)
    ladder, _ = ladder_of(estimator, space_of(estimator, {"reg": None}), SEARCH)
    assert (ladder.rungs, ladder.keep_best) == ((1, 2, 4, 8), False)
    assert ladder.settled({"reg": 1}, 2) == {"reg": 1}


@pytest.mark.parametrize(
    ("search", "of"),
    [(SEARCH, USERS), (replace(SEARCH, pruning="none"), FULL), (replace(SEARCH, budget=FULL), FULL)],
)
def test_without_epochs_users_are_the_budget_where_anything_may_be_given_up(search: Search, of: str) -> None:
    ladder, left = ladder_of(Peak(), space_of(Peak()), search)
    assert ladder.of == of
    assert ladder.rungs[-1] == 1.0
    assert len(left) == 3
