import polars as pl

from slatewright.models.rules.choosing import with_items

from .test_rule_table import table

NAMES = pl.Series(["bread", "butter", "salt"])


def test_rules_that_speak_of_items() -> None:
    rows = with_items(table(), anywhere=[0, 1]).frame(NAMES)
    assert all({"bread", "butter"} <= {*row["antecedent"], *row["consequent"]} for row in rows.to_dicts())
    assert rows.height == 5
    assert with_items(table(), left=[0], right=[1]).frame(NAMES)["antecedent"].to_list() == [
        ["bread"],
        ["bread", "salt"],
    ]
    assert len(with_items(table())) == len(table())
