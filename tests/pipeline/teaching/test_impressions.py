import numpy as np
import polars as pl
import pytest

from slatewright.pipeline.teaching.impressions import Impressions, place_weights, shown_slates
from slatewright.pipeline.teaching.questions import Questions
from tests.pipeline.teaching.test_questions import EVENTS, MINUTE, dataset

KNOWN = dataset(EVENTS)
SLATES = [
    ("s1", "a", ["w", "z", "never"], 60, [0.5, 0.25, 0.5]),
    ("s2", "b", ["z", "w", "z"], 200, [0.5, 0.25, 0.25]),
    ("early", "a", ["w"], 10, [1.0]),
    ("first", "b", ["w"], 100, [1.0]),
    ("stranger", "c", ["w"], 200, [1.0]),
    ("nameless", None, ["w"], 200, [1.0]),
    ("late", "a", ["w"], 301, [1.0]),
]
CAUSED = [("s1", "z"), ("s1", "z"), ("s1", "never"), ("other", "z"), ("s2", "w")]


def impressions(*, propensities: bool = True) -> Impressions:
    slates = pl.DataFrame(
        {
            "slate_id": [one[0] for one in SLATES],
            "user_id": [one[1] for one in SLATES],
            "item_ids": [one[2] for one in SLATES],
            "time": [one[3] * MINUTE for one in SLATES],
            "propensities": [one[4] if propensities else [] for one in SLATES],
        },
        schema_overrides={"propensities": pl.List(pl.Float32)},
    )
    caused = pl.DataFrame(CAUSED, schema=["slate_id", "item_id"], orient="row").with_columns(kind=pl.lit("buy"))
    return Impressions.of(slates, caused)


def slates(*, since: int = 50, most: int = 10, propensities: bool = True) -> Questions | None:
    rng = np.random.default_rng(0)
    return shown_slates(impressions(propensities=propensities), KNOWN, since * MINUTE, most, rng)


def test_slates_of_known_users_with_what_they_caused() -> None:
    found = slates()
    assert found is not None
    assert found.shown is not None
    names = KNOWN.items.names_of
    assert KNOWN.users.names_of(found.users).to_list() == ["a", "b"]
    assert (found.times // MINUTE).tolist() == [60, 200]
    assert names(found.shown.items).to_list() == ["w", "z", "z", "w"]
    assert found.shown.offsets.tolist() == [0, 2, 4]
    assert found.shown.places.tolist() == [1, 2, 1, 2]
    np.testing.assert_allclose(found.shown.propensities, [0.5, 0.25, 0.5, 0.25])
    assert names(found.items).to_list() == ["z", "z", "w"]
    assert found.offsets.tolist() == [0, 2, 3]
    histories = found.histories(KNOWN.histories(), 0, 2)
    assert names(histories.items_of(0)).to_list() == ["x"]
    assert sorted(names(histories.items_of(1))) == ["x", "y"]


def test_so_many_are_drawn_and_none_is_none() -> None:
    found = slates(most=1)
    assert found is not None
    assert len(found) == 1
    assert slates(since=250) is None


def test_weights_are_inverse_propensities_where_they_are_logged() -> None:
    logged, unknown = slates(), slates(propensities=False)
    assert logged is not None
    assert unknown is not None
    weights = place_weights(logged, "auto")
    assert weights is not None
    np.testing.assert_allclose(weights, [2 / 3, 4 / 3, 2 / 3, 4 / 3], rtol=1e-6)
    assert place_weights(unknown, "auto") is None
    assert place_weights(logged, "feature") is None
    assert place_weights(logged, "ignore") is None
    without = place_weights(unknown, "propensity")
    assert without is not None
    np.testing.assert_allclose(without, 1)


def test_a_tiny_propensity_does_not_decide_alone() -> None:
    found = slates()
    assert found is not None
    assert found.shown is not None
    found.shown.propensities[:] = [1, 1, 1, 1e-12]
    weights = place_weights(found, "propensity")
    assert weights is not None
    assert weights.mean() == pytest.approx(1)
    assert weights.max() <= 4
