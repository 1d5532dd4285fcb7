"""slatewright tune"""

import json
from pathlib import Path

import pytest

from slatewright.cli.tune import space_said
from slatewright.core.errors import BadInput
from slatewright.lifecycle.recording import Recorder
from slatewright.lifecycle.reproducing import reproduce
from slatewright.store.runs import Runs
from slatewright.store.shop import Shop

from .conftest import refusal, slatewright

ALS = ("--model", "als", "--knob", "reg=0.001..1", "--knob", "embedding_dim=2,4", "--workers", "0", "--trials", "6")


def test_the_best_knobs_are_a_line_for_the_recipe_and_the_test_part_is_looked_at_once(shop: Path) -> None:
    text = slatewright("tune", "--shop", shop, *ALS)
    assert "The test part was looked at once, now." in text
    assert "Trial " in text
    assert "ALS(" in text
    assert (shop / "reports" / "tuning.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    kept = json.loads((shop / "reports" / "tuning.json").read_text(encoding="utf-8"))
    assert len(kept["trials"]) == 6
    again = json.loads(slatewright("tune", "--shop", shop, *ALS[:-1], "8", "--json"))
    assert again["trials"][:6] == kept["trials"]
    assert len(again["trials"]) == 8


def test_a_tuning_is_a_run_that_can_be_done_again(shop: Path) -> None:
    slatewright("tune", "--shop", shop, *ALS)
    place = Shop.open(shop)
    run = Runs(place.runs).read("last")
    assert run.kind == "tune"
    assert reproduce(place, run, recorder=Recorder(0, lambda: 0, lambda message: None)).same


def test_the_test_part_is_left_alone_where_that_is_wished(shop: Path) -> None:
    answer = json.loads(slatewright("tune", "--shop", shop, *ALS, "--no-test", "--json"))
    assert answer["test"] is None


def test_what_the_audit_finds_ends_the_search_and_can_be_allowed(shop: Path) -> None:
    assert "--allow k" in refusal("tune", "--shop", shop, *ALS, "--k", 1000)
    allowed = json.loads(slatewright("tune", "--shop", shop, *ALS[:-1], 2, "--k", 1000, "--allow", "k", "--json"))
    assert len(allowed["trials"]) == 2


def test_what_cannot_be_tuned_is_refused_with_what_can(shop: Path) -> None:
    assert "say which model of the recipe to tune: --model taste" in refusal("tune", "--shop", shop)
    assert "has no model 'svd'; it has taste" in refusal("tune", "--shop", shop, "--model", "svd")
    assert "ALS has no knob 'speed'" in refusal("tune", "--shop", shop, "--model", "als", "--knob", "speed")
    assert "there is no objective 'luck'" in refusal("tune", "--shop", shop, "--model", "als", "--objective", "luck")
    assert "has no model 'svd'; it has taste" in refusal("tune", "svd", "--shop", shop)
    assert "of one estimator, got als and --model svd" in refusal("tune", "als", "--shop", shop, "--model", "svd")
    assert "only one set of knobs" in refusal("tune", "--shop", shop, "--model", "als", "--knob", "reg=1")


def test_knobs_are_said_as_ranges_values_or_names() -> None:
    said = ["reg=0.001..1", "embedding_dim=32,64", "half_life_days=none,30", "similarity=cosine", "shrinkage"]
    assert space_said(said) == {
        "reg": (0.001, 1),
        "embedding_dim": [32, 64],
        "half_life_days": [None, 30],
        "similarity": ["cosine"],
        "shrinkage": None,
    }
    assert space_said(None) is None
    with pytest.raises(BadInput, match="given twice"):
        space_said(["reg", "reg=1..2"])
    with pytest.raises(BadInput, match="a range needs two numbers"):
        space_said(["reg=few..many"])
