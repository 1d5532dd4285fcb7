import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from slatewright.core.errors import BadInput
from slatewright.models.rankers import LinearRanker
from slatewright.models.rankers.linear import Linear
from tests.models.rankers.worlds import pairs_right, questions


def test_marks_are_those_of_scikit_learn() -> None:
    table = questions(unknown=0.0).teaching()
    scaled = (table.values - table.values.mean(axis=0)) / table.values.std(axis=0)
    expected = LogisticRegression(C=1.0).fit(scaled, table.taken).decision_function(scaled)
    np.testing.assert_allclose(LinearRanker().fit(table).mark(table.values), expected, atol=1e-3)


def test_it_orders_better_than_its_best_feature_and_unknown_values_say_nothing() -> None:
    fitted, later = LinearRanker().fit(questions()), questions(rng=1)
    known = np.nan_to_num(later.values[:, 0])
    assert pairs_right(fitted.mark(later.values), later) > pairs_right(known, later)
    nothing = np.full((1, 6), np.nan, dtype=np.float32)
    assert fitted.mark(nothing)[0] == fitted.base[0]


def test_parts_sum_to_the_mark_and_arrays_travel() -> None:
    fitted, values = LinearRanker().fit(questions()), questions(n=2).values
    np.testing.assert_allclose(fitted.parts(values).sum(axis=1), fitted.mark(values))
    np.testing.assert_array_equal(Linear.from_arrays(fitted.arrays()).mark(values), fitted.mark(values))
    with pytest.raises(BadInput, match="learned for 6 features"):
        fitted.mark(values[:, :2])


def test_a_feature_that_never_changes_weighs_nothing_and_nothing_to_learn_from_is_refused() -> None:
    table = questions()
    table.values[:, 5] = 7
    assert LinearRanker().fit(table).weights[5] == 0
    table.taken[:] = True
    with pytest.raises(BadInput, match="something taken"):
        LinearRanker().fit(table)
