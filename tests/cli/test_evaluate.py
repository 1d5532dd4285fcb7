"""slatewright evaluate"""

import json
from pathlib import Path

from slatewright.core.clock import iso

from .conftest import refusal, slatewright


def test_the_recipe_stands_beside_popularity(shop: Path) -> None:
    text = slatewright("evaluate", "--shop", shop, "--k", 5)
    assert "users with a new item" in text
    assert "Recall@5" in text
    for name in ("popularity", "pipeline", "95% bootstrap interval"):
        assert name in text
    assert (shop / "reports" / "evaluation.md").is_file()


def test_json_and_an_instant(shop: Path) -> None:
    answer = json.loads(slatewright("evaluate", "--shop", shop, "--at", "2024-02-10", "--json"))
    assert answer["as_of"].startswith("2024-02-10")
    assert answer["k"] == 20


def test_validation_lies_before_the_test_part(shop: Path) -> None:
    test = json.loads(slatewright("evaluate", "--shop", shop, "--json"))
    validation = json.loads(slatewright("evaluate", "--shop", shop, "--validation", "--json"))
    assert validation["as_of"] < test["as_of"]


def test_a_bundle_is_judged_by_what_happened_since(shop: Path) -> None:
    old = json.loads(slatewright("list", "--shop", shop, "--json"))[0]
    answer = json.loads(slatewright("evaluate", "--shop", shop, "--bundle", old["version"], "--json"))
    assert answer["as_of"] == old["as_of"] == iso(1707955200000000)
    assert refusal("evaluate", "--shop", shop, "--bundle", "live").startswith("error: ")


def test_an_instant_without_events_after_it(shop: Path) -> None:
    assert refusal("evaluate", "--shop", shop, "--at", "2030-01-01").startswith("error: ")
