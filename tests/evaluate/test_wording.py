"""How numbers read."""

import pytest

from slatewright.evaluate.evaluation import Measured
from slatewright.evaluate.wording import cell, number, short, title
from slatewright.metrics.bootstrap import Interval

VALUE = {"recall": Interval(0.0817, 0.0772, 0.0861)}


@pytest.mark.parametrize(
    ("low", "high", "sign"), [(0.01, 0.02, " ▲"), (-0.02, -0.01, " ▼"), (-0.01, 0.02, ""), (0.0, 0.02, "")]
)
def test_only_a_lead_that_is_sure_gets_a_sign(low: float, high: float, sign: str) -> None:
    measured = Measured("als", VALUE, {"recall": Interval(0.015, low, high)})
    assert cell(measured, "recall") == f".0817 [.0772, .0861]{sign}"


def test_popularity_has_no_sign() -> None:
    assert cell(Measured("popularity", VALUE, {}), "recall") == ".0817 [.0772, .0861]"


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, ".0000"), (-0.0, ".0000"), (1.0, "1.0000"), (0.12345, ".1235"), (-0.5, "-.5000")]
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


def test_nothing_has_no_sign() -> None:
    assert (number(-0.0), short(-0.0)) == (".0000", ".000")


def test_titles() -> None:
    assert title("hit_rate", 10) == "Hit rate@10"
