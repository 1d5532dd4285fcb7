import lightgbm
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.core.errors import BadInput
from slatewright.models.rankers import LambdaRank
from slatewright.models.rankers.nodes import LARGEST
from slatewright.models.rankers.trees import Trees
from tests.models.rankers.worlds import questions

FITTED = LambdaRank(n_trees=12, min_rows=5).fit(questions())
BOOSTER = lightgbm.Booster(model_str=bytes(FITTED.text).decode())


@given(
    st.lists(
        st.lists(
            st.one_of(st.floats(width=32, allow_infinity=False), st.just(float("nan")), st.just(0.0)),
            min_size=6,
            max_size=6,
        ),
        min_size=1,
        max_size=20,
    )
)
@settings(max_examples=60)
def test_marks_are_those_of_lightgbm(rows: list[list[float]]) -> None:
    values = np.array(rows, dtype=np.float32)
    np.testing.assert_allclose(FITTED.mark(values), BOOSTER.predict(values.astype(np.float64)), rtol=0, atol=1e-9)


def test_values_on_a_threshold_go_the_way_of_lightgbm() -> None:
    limits = FITTED.nodes.thresholds[FITTED.nodes.thresholds < LARGEST]
    values = np.repeat(np.concatenate([limits, np.nextafter(limits, np.float32(np.inf))])[:, None], 6, axis=1)
    np.testing.assert_allclose(FITTED.mark(values), BOOSTER.predict(values.astype(np.float64)), rtol=0, atol=1e-9)


@pytest.mark.parametrize("unknown", [0.0, 0.5])
def test_what_is_unknown_goes_the_way_of_lightgbm(unknown: float) -> None:
    table = questions(unknown=unknown, rng=3)
    fitted = LambdaRank(n_trees=12, n_leaves=31, max_depth=9, min_rows=2).fit(table)
    values = table.values[:57].copy()
    values[::5] = np.nan
    expected = lightgbm.Booster(model_str=bytes(fitted.text).decode()).predict(values.astype(np.float64))
    np.testing.assert_allclose(fitted.mark(values), expected, rtol=0, atol=1e-9)


def test_parts_are_shap_values_and_sum_to_the_mark() -> None:
    values = questions(n=3, rng=1).values
    parts = FITTED.parts(values)
    np.testing.assert_allclose(parts.sum(axis=1), FITTED.mark(values), atol=1e-9)
    assert np.abs(parts[:, 0]).mean() > np.abs(parts[:, 5]).mean()
    assert len(set(parts[:, -1])) == 1


def test_parts_are_those_of_shap() -> None:
    shap = pytest.importorskip("shap")
    values = questions(n=2, rng=1).values
    found = shap.TreeExplainer(BOOSTER).shap_values(values.astype(np.float64))
    np.testing.assert_allclose(FITTED.parts(values)[:, :-1], found, atol=1e-6)


def test_a_tree_of_one_leaf_and_no_rows() -> None:
    flat = questions()
    flat.values[:] = 0
    fitted = LambdaRank(n_trees=3).fit(flat)
    assert len(set(fitted.mark(flat.values[:9]))) == 1
    assert fitted.mark(flat.values[:0]).shape == (0,)
    assert fitted.parts(flat.values[:0]).shape == (0, 7)


def test_other_features_and_other_texts_are_refused() -> None:
    with pytest.raises(BadInput, match="learned from 6 features"):
        FITTED.mark(np.zeros((2, 5), dtype=np.float32))
    with pytest.raises(BadInput, match="no boosted trees"):
        Trees(np.frombuffer(b"hello", dtype=np.uint8)).mark(np.zeros((1, 1), dtype=np.float32))
    with pytest.raises(BadInput, match="no boosted trees"):
        Trees(np.frombuffer(b"max_feature_idx=0\nTree=0\nnum_leaves=2\n", dtype=np.uint8)).mark(
            np.zeros((1, 1), dtype=np.float32)
        )
    split = b"max_feature_idx=0\nTree=0\nnum_leaves=2\nleaf_value=1 2\ndecision_type=1\nsplit_feature=0\n"
    with pytest.raises(BadInput, match="categories"):
        Trees(np.frombuffer(split + b"left_child=-1\nright_child=-2\nthreshold=0\n", dtype=np.uint8)).mark(
            np.zeros((1, 1), dtype=np.float32)
        )


def test_it_travels_as_arrays() -> None:
    again = Trees.from_arrays(FITTED.arrays())
    values = questions(n=1).values
    np.testing.assert_array_equal(again.mark(values), FITTED.mark(values))
