"""slatewright rules"""

import json
from pathlib import Path

import polars as pl
import pytest

from .conftest import refusal, slatewright


@pytest.fixture
def baskets(tmp_path: Path) -> Path:
    path = tmp_path / "baskets.csv"
    path.write_text("bread,butter,jam\nbread,butter\nbread, butter\ntea,honey\ntea,honey\nbread\n", encoding="utf-8")
    return path


def test_rules_of_a_shop_by_title(shop: Path, tmp_path: Path) -> None:
    out, picture = tmp_path / "deep" / "rules.parquet", tmp_path / "rules.png"
    options = ("--min-support", 0.002, "--min-baskets", 2, "--kind", "purchase", "--kind", "cart")
    text = slatewright("rules", "--shop", shop, *options, "--limit", 3, "--out", out, "--picture", picture)
    assert text.splitlines()[0].split() == ["with", "goes", "baskets", "support", "confidence", "lift"]
    assert text.count("%") == 2 * 3  # support and confidence of three rules
    rows = pl.read_parquet(out)
    assert rows.columns[:4] == ["antecedent", "consequent", "antecedent_titles", "consequent_titles"]
    assert rows["lift"].is_sorted(descending=True)
    assert rows["antecedent_titles"][0][0].split()[0] in text
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_rules_of_a_file_as_json(baskets: Path) -> None:
    answer = json.loads(slatewright("rules", "--baskets", baskets, "--min-baskets", 2, "--sort", "support", "--json"))
    assert (answer["baskets"], answer["rules"]) == (6, 4)
    assert {*answer["top"][0]["antecedent"], *answer["top"][0]["consequent"]} == {"bread", "butter"}
    assert answer["top"][0]["support"] == 0.5
    sure = [rule for rule in answer["top"] if rule["confidence"] == 1]
    assert all(rule["conviction"] is None for rule in sure)


def test_only_rules_with_an_item(baskets: Path) -> None:
    def rules(*options: object) -> list[tuple[str, str]]:
        answer = json.loads(slatewright("rules", "--baskets", baskets, "--min-baskets", 2, "--json", *options))
        return sorted((rule["antecedent"][0], rule["consequent"][0]) for rule in answer["top"])

    assert rules("--item", "tea") == [("honey", "tea"), ("tea", "honey")]
    assert rules("--left", "bread") == [("bread", "butter")]
    assert rules("--right", "bread") == [("butter", "bread")]


def test_a_table_with_one_row_per_item(tmp_path: Path) -> None:
    path = tmp_path / "orders.tsv"
    path.write_text("order\titem\n1\ta\n1\tb\n2\ta\n2\tb\n3\tc\n", encoding="utf-8")
    answer = json.loads(slatewright("rules", "--baskets", path, "--long", "--min-baskets", 1, "--json"))
    assert (answer["baskets"], answer["rules"]) == (3, 2)


def test_no_rule_says_what_to_lower(baskets: Path) -> None:
    assert slatewright("rules", "--baskets", baskets, "--min-baskets", 6) == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--sort", "size"), "--sort must be one of support, confidence, lift, leverage, conviction, got 'size'"),
        (("--limit", -1), "--limit must be >= 0, got -1"),
        (("--out", "rules.xls"), "--out must end in .csv, .json, .parquet, got rules.xls"),
        (("--picture", "rules.gif"), "--picture must end in .svg, .png, .pdf, got rules.gif"),
        (("--item", "Bread"), "there is no item 'Bread' in the baskets"),
        (("--min-support", 0), "RuleSearch.min_support must be > 0, got 0"),
    ],
)
def test_what_cannot_be_is_refused(baskets: Path, options: tuple[object, ...], message: str) -> None:
    assert message in " ".join(refusal("rules", "--baskets", baskets, *options).split())


def test_a_kind_that_the_shop_does_not_have(shop: Path) -> None:
    assert "there is no event of kind 'order'" in refusal("rules", "--shop", shop, "--kind", "order")


def test_a_title_where_an_id_belongs_is_answered_with_the_id(shop: Path, tmp_path: Path) -> None:
    slatewright(
        "rules", "--shop", shop, "--min-support", 0.001, "--min-baskets", 2, "--out", tmp_path / "rules.parquet"
    )
    rule = pl.read_parquet(tmp_path / "rules.parquet").row(0, named=True)
    title, item_id = rule["antecedent_titles"][0], rule["antecedent"][0]
    told = " ".join(refusal("rules", "--shop", shop, "--item", title).split())
    assert f"there is no item {title!r} in the baskets; that is the title of" in told
    assert repr(item_id) in told
