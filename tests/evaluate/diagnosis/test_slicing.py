"""Groups that fare worse, planted and by hand."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slatewright.core.errors import BadInput
from slatewright.evaluate.diagnosis.slicing import Slicing, slices, worst


def world(n: int = 600, seed: int = 3) -> tuple[np.ndarray, pl.DataFrame]:
    """Values around .5; people of NL with short histories fare .2 worse."""
    rng = np.random.default_rng(seed)
    country = rng.choice(["NL", "GB", "DE"], n)
    history = rng.choice(["short", "long"], n)
    values = rng.normal(0.5, 0.1, n) - 0.2 * ((country == "NL") & (history == "short"))
    return values, pl.DataFrame({"country": country, "history": history})


def test_the_planted_group_comes_first_among_pairs_of_labels() -> None:
    values, labels = world()
    found = slices(values, labels, np.arange(len(values)))
    planted = next(one for one in found if one.name == "country: NL, history: short")
    assert planted.real
    assert planted.apart.low < -0.2 < planted.apart.high
    assert planted.lost == pytest.approx(-planted.apart.value * planted.rows)
    assert planted.lost == max(one.lost for one in found if len(one.labels) == 2)


def test_mere_parts_of_a_group_are_left_out_and_what_says_more_is_kept() -> None:
    values, labels = world()
    labels = labels.with_columns(coin=pl.Series(np.random.default_rng(9).choice(["heads", "tails"], len(values))))
    names = [one.name for one in worst(slices(values, labels, np.arange(len(values))), sure=True)]
    assert "country: NL, history: short" in names  # twice as far off as either label alone
    assert "country: NL" in names
    assert not any("coin" in name for name in names)
    assert any("coin" in one.name and one.real for one in slices(values, labels, np.arange(len(values))))


def test_where_nothing_is_planted_nothing_is_found() -> None:
    rng = np.random.default_rng(0)
    labels = pl.DataFrame({f"fact {at}": rng.choice(list("abcd"), 800) for at in range(4)})
    found = slices(rng.normal(size=800), labels, np.arange(800))
    assert len(found) > 50
    assert not any(one.real for one in found)


def test_one_row_per_owner_is_welchs_test_but_for_the_degrees_of_freedom() -> None:
    values, labels = world()
    (one, *_) = [
        one
        for one in slices(values, labels, np.arange(len(values)), Slicing(labels_at_once=1))
        if one.name == "country: GB"
    ]
    mine = (labels["country"] == "GB").to_numpy()
    peer = stats.ttest_ind(values[mine], values[~mine], equal_var=False)
    assert one.apart.value == pytest.approx(values[mine].mean() - values[~mine].mean())
    assert one.p == pytest.approx(float(peer.pvalue), rel=0.1)


def test_many_rows_of_few_owners_make_nothing_sure() -> None:
    rng = np.random.default_rng(1)
    owners = np.repeat(np.arange(40), 200)
    values = np.repeat(rng.normal(size=40), 200)  # all that an owner says is alike
    labels = pl.DataFrame({"side": np.where(owners < 20, "left", "right")})
    (left, *_) = slices(values, labels, owners)
    peer = stats.ttest_ind(values[::200][:20], values[::200][20:], equal_var=False)
    assert left.owners == 20
    assert left.p == pytest.approx(float(peer.pvalue), rel=0.15)


def test_small_groups_and_rare_labels_are_left_out() -> None:
    values = np.arange(100.0)
    labels = pl.DataFrame({"a": ["x"] * 95 + ["y"] * 5, "b": [f"{at % 50}" for at in range(100)]})
    found = slices(values, labels, np.arange(100), Slicing(least=10))
    assert {one.name for one in found} == {"a: x"}


def test_a_null_is_in_no_group() -> None:
    labels = pl.DataFrame({"a": ["x"] * 30 + [None] * 30})
    (one,) = slices(np.arange(60.0), labels, np.arange(60))
    assert (one.rows, one.mean, one.others) == (30, 14.5, 44.5)


def test_all_alike_is_no_difference() -> None:
    labels = pl.DataFrame({"a": ["x"] * 30 + ["y"] * 30})
    found = slices(np.ones(60), labels, np.arange(60))
    assert {(one.p, one.real, one.lost) for one in found} == {(1.0, False, 0.0)}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 200), st.integers(1, 4), st.integers(0, 1000))
def test_whatever_is_sliced_gives_finite_groups_in_order_of_loss(rows: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = pl.DataFrame(
        {f"c{at}": [("a", "b", None)[one] for one in rng.integers(0, 3, rows)] for at in range(columns)},
        schema_overrides={f"c{at}": pl.String for at in range(columns)},
    )
    found = slices(rng.normal(size=rows), labels, rng.integers(0, 50, rows), Slicing(least=2))
    assert [one.lost for one in found] == sorted((one.lost for one in found), reverse=True)
    for one in found:
        assert 0 <= one.p <= one.adjusted <= 1
        assert one.apart.low <= one.apart.value <= one.apart.high


def test_what_does_not_fit_is_refused() -> None:
    labels = pl.DataFrame({"a": ["x", "y"]})
    with pytest.raises(BadInput, match="equally many, got 3, 2, 2"):
        slices(np.zeros(3), labels, np.zeros(2, np.int64))
    with pytest.raises(BadInput, match="must be finite, 1 are not"):
        slices(np.array([0.0, np.nan]), labels, np.zeros(2, np.int64))
