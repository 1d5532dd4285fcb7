"""slatewright plan"""

import json
from pathlib import Path

from .conftest import refusal, slatewright


def test_the_recipe_of_a_shop_is_planned(shop: Path) -> None:
    text = slatewright("plan", "--shop", shop)
    assert "read the events" in text
    assert "which fits" in text


def test_a_shop_that_is_not_there_yet_and_the_whole_house(tmp_path: Path) -> None:
    sizes = ("--users", 1000000, "--items", 3000000, "--events", 5000000)
    answer = json.loads(slatewright("plan", "--shop", tmp_path, "--all", "--json", *sizes))
    steps = {step["what"]: step for step in answer["steps"]}
    assert not steps["EASE"]["fits"]  # 36 TB
    assert steps["Popularity"]["seconds"] >= 0
    assert answer["size"]["n_items"] == 3000000
    text = slatewright("plan", "--shop", tmp_path, "--all", *sizes)
    refused = text.split("does not fit: ")[1].strip().split(", ")
    assert "EASE" in refused
    assert "Popularity" not in refused


def test_half_a_size_is_refused(tmp_path: Path) -> None:
    assert "--users, --items and --events" in refusal("plan", "--shop", tmp_path, "--users", 5)
