import numpy as np
import polars as pl
import pytest

from slatewright.models.rules.deriving import rules_of
from slatewright.models.rules.mining import frequent_sets
from slatewright.models.rules.rule_table import RuleTable

from .test_mining import made

# Ten baskets: bread (0) in 5, butter (1) in 4, both in 3; salt (2) in all.
BASKETS = [{0, 1, 2}] * 3 + [{0, 2}] * 2 + [{1, 2}] + [{2}] * 4


def table() -> RuleTable:
    return rules_of(frequent_sets(made(BASKETS, 3), 0.1), 0.0)


def test_measures_by_hand() -> None:
    rows = table().frame(pl.Series(["bread", "butter", "salt"]))
    rule = rows.filter((pl.col("antecedent") == ["bread"]) & (pl.col("consequent") == ["butter"])).row(0, named=True)
    assert rule["baskets"] == 3
    assert rule["support"] == pytest.approx(0.3)
    assert rule["confidence"] == pytest.approx(0.6)
    assert rule["lift"] == pytest.approx(0.6 / 0.4)
    assert rule["leverage"] == pytest.approx(0.3 - 0.5 * 0.4)
    assert rule["conviction"] == pytest.approx(0.6 / 0.4)


def test_a_rule_that_never_fails_has_infinite_conviction() -> None:
    rows = table().frame(pl.Series(["bread", "butter", "salt"]))
    sure = rows.filter((pl.col("antecedent") == ["bread", "butter"]) & (pl.col("consequent") == ["salt"]))
    assert sure["conviction"].to_list() == [np.inf]
    assert sure["lift"].to_list() == [1.0]


def test_the_highest_of_a_measure_come_first() -> None:
    for name in ("support", "confidence", "lift", "leverage", "conviction"):
        values = table().by(name).measure(name)
        assert (values[:-1] >= values[1:]).all()


def test_no_rules_make_an_empty_frame() -> None:
    rows = table().take(np.empty(0, np.int64)).frame(pl.Series(["bread", "butter", "salt"]))
    assert rows.height == 0
    assert rows.schema["antecedent"] == pl.List(pl.String)
