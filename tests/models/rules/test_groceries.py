"""The rules of the Groceries data that everybody finds (Hahsler, Hornik, Reutterer 2006)."""

from pathlib import Path

import polars as pl
import pytest

from slatewright.core.arrays import Frame
from slatewright.models.rules.baskets import baskets_of_lists
from slatewright.models.rules.deriving import rules_of
from slatewright.models.rules.mining import frequent_sets

pytestmark = pytest.mark.data


def rules(folder: Path, support: float, confidence: float) -> Frame:
    names = pl.read_parquet(folder / "groceries" / "items.parquet")["name"]
    lists = pl.read_parquet(folder / "groceries" / "baskets.parquet")["items"].to_list()
    baskets, items = baskets_of_lists([[names[item] for item in basket] for basket in lists])
    found = rules_of(frequent_sets(baskets, support), confidence)
    return found.by("lift").frame(items.names)


@pytest.mark.parametrize(
    ("support", "confidence", "n"), [(0.001, 0.5, 5668), (0.001, 0.8, 410), (0.001, 0.9, 129), (0.006, 0.25, 463)]
)
def test_as_many_rules_as_published(data_dir: Path, support: float, confidence: float, n: int) -> None:
    assert rules(data_dir, support, confidence).height == n


def test_the_rules_of_highest_lift(data_dir: Path) -> None:
    first, *others = rules(data_dir, 0.001, 0.5).head(3).rows(named=True)
    assert set(first["antecedent"]) == {"Instant food products", "soda"}
    assert first["consequent"] == ["hamburger meat"]
    assert first["support"] == pytest.approx(0.001220132, abs=1e-9)
    assert first["confidence"] == pytest.approx(0.6315789, abs=1e-7)
    assert first["lift"] == pytest.approx(18.99565, abs=1e-5)
    assert [set(rule["antecedent"]) for rule in others] == [{"soda", "popcorn"}, {"flour", "baking powder"}]
    assert [round(rule["lift"], 3) for rule in others] == [16.698, 16.408]


def test_a_rule_that_every_textbook_shows(data_dir: Path) -> None:
    found = rules(data_dir, 0.001, 0.9).filter(pl.col("consequent") == ["bottled beer"]).row(0, named=True)
    assert set(found["antecedent"]) == {"liquor", "red/blush wine"}
    assert found["support"] == pytest.approx(0.001931876, abs=1e-9)
    assert found["confidence"] == pytest.approx(0.9047619, abs=1e-7)
    assert found["lift"] == pytest.approx(11.235269, abs=1e-6)
