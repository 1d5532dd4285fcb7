import numpy as np
import pytest

from slatewright.models.rankers import LinearRanker
from slatewright.models.rankers.calibrating import Calibration
from slatewright.pipeline.taught import TABLES, Chance, Taught, secant
from tests.models.rankers.worlds import questions
from tests.pipeline.teaching.worlds import pipeline


def test_what_was_taught_travels_as_arrays_and_tables() -> None:
    table = questions()
    linear = Chance(LinearRanker().fit(table), Calibration(1.5, -2.0))
    trees = pipeline().world.taught
    assert trees is not None
    taught = Taught(("a", "place"), ("x",), {"view": linear, "purchase": trees.chances["anything"]}, placed=True)
    assert set(taught.tables()) == set(TABLES)
    again = Taught.from_bundle(taught.arrays(), taught.tables())
    assert (again.columns, again.sources, again.placed) == (("a", "place"), ("x",), True)
    assert list(again.chances) == ["view", "purchase"]
    np.testing.assert_array_equal(again.chances["view"].of(table.values), linear.of(table.values))
    assert again.chances["purchase"].ranker.kind == "trees"


def test_the_secant_leads_from_the_base_to_every_chance() -> None:
    calibration, marks = Calibration(0.7, -1.0), np.linspace(-4, 5, 10)
    slope, start = secant(calibration, marks, 0.5)
    np.testing.assert_allclose(start + slope * (marks - 0.5), calibration.chances(marks))
    at, _ = secant(calibration, np.array([0.5]), 0.5)
    chance = float(calibration.chances(np.array([0.5]))[0])
    assert at[0] == pytest.approx(0.7 * chance * (1 - chance))
