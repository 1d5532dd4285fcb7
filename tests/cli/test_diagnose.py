"""slatewright diagnose"""

import json
from pathlib import Path

from slatewright.store.runs import Runs
from slatewright.store.shop import Shop

from .conftest import refusal, slatewright

QUICK = ("--model", "together", "--over", "data")


def test_the_verdict_comes_first_and_the_diagnosis_is_kept(shop: Path) -> None:
    assert slatewright("diagnose", "--shop", shop, *QUICK).startswith("together (ItemKNN): more data would")
    for kind in ("json", "md", "html"):
        assert (shop / "reports" / f"diagnosis.{kind}").is_file()
    assert Runs(Shop.open(shop).runs).read("last").kind == "diagnose"


def test_json_groups_and_length(shop: Path) -> None:
    options = ("--by", "history_length", "--by-item", "category", "--k", "5", "--no-residuals", "--json")
    answer = json.loads(slatewright("diagnose", "--shop", shop, *QUICK, *options))
    assert (answer["model"], answer["k"], answer["ratings"]) == ("together", 5, None)
    assert {label for one in answer["user_groups"] for label in one["labels"]} <= {"history_length"}
    assert {label for one in answer["item_groups"] for label in one["labels"]} <= {"history_length", "category"}
    assert json.loads((shop / "reports" / "diagnosis.json").read_bytes()) == answer


def test_the_split_is_chosen_as_for_evaluate_and_validation_lies_before_the_test_part(shop: Path) -> None:
    at = ("--at", "2024-02-20", "--json")
    inner = json.loads(slatewright("diagnose", "--shop", shop, *QUICK, *at))
    later = json.loads(slatewright("diagnose", "--shop", shop, *QUICK, *at, "--test"))
    assert inner["as_of"] < later["as_of"] == "2024-02-20T00:00:00+00:00"
    held = json.loads(slatewright("diagnose", "--shop", shop, *QUICK, "--protocol", "last-n", "--json"))
    assert held["users"] > 0


def test_what_cannot_be_diagnosed_is_refused_with_what_can(shop: Path) -> None:
    assert "has no model 'svd'; it has taste, together, popular" in refusal(
        "diagnose", "--shop", shop, "--model", "svd"
    )
    assert "ItemKNN has no knob 'speed'" in refusal("diagnose", "--shop", shop, *QUICK, "--over", "speed")
    assert "residuals need a model that predicts ratings" in refusal("diagnose", "--shop", shop, *QUICK, "--residuals")
    assert "got 'shoe'" in refusal("diagnose", "--shop", shop, *QUICK, "--by", "shoe")
    assert "negatives out" in refusal("diagnose", "--shop", shop, *QUICK, "--negatives", "20")
    assert "the data reaches from" in refusal("diagnose", "--shop", shop, *QUICK, "--at", "2031-01-01")
