from dataclasses import replace

import numpy as np
import pytest

from slatewright.models.rankers import LinearRanker
from slatewright.models.rankers.calibrating import Calibration, Steps
from slatewright.pipeline.taught import TABLES, Chance, Taught, secant
from tests.models.rankers.worlds import questions
from tests.pipeline.teaching.worlds import pipeline


def test_what_was_taught_travels_as_arrays_and_tables() -> None:
    table = questions()
    linear = Chance(LinearRanker().fit(table), Calibration(1.5, -2.0))
    trees = pipeline().world.taught
    assert trees is not None
    marks = linear.ranker.mark(table.values)
    linear = replace(linear, calibration=Steps.of(marks, table.taken, table.weights))
    assert isinstance(linear.calibration, Steps)
    taught = Taught(("a", "place"), ("x",), {"view": linear, "purchase": trees.chances["anything"]}, placed=True)
    assert set(taught.tables()) == set(TABLES)
    again = Taught.from_bundle(taught.arrays(), taught.tables())
    assert (again.columns, again.sources, again.placed) == (("a", "place"), ("x",), True)
    assert list(again.chances) == ["view", "purchase"]
    np.testing.assert_array_equal(again.chances["view"].of(table.values), linear.of(table.values))
    assert again.chances["purchase"].ranker.kind == "trees"


@pytest.mark.parametrize("shape", ["curve", "steps"])
def test_the_secant_leads_from_the_base_to_every_chance(shape: str) -> None:
    curve, marks = Calibration(0.7, -1.0), np.linspace(-4, 5, 10)
    steps = Steps(curve, np.array([-3.0, 0.0, 0.5, 4.0]), np.array([0.0, 0.2, 0.3, 0.8]))
    calibration = curve if shape == "curve" else steps
    slope, start = secant(calibration, marks, 0.5)
    np.testing.assert_allclose(start + slope * (marks - 0.5), calibration.chances(marks))
    at, _ = secant(calibration, np.array([0.5]), 0.5)
    assert at[0] == pytest.approx(float(calibration.steepness(np.array([0.5]))[0]))
    assert at[0] > 0
