"""slatewright update"""

import json
from pathlib import Path

import pytest

from slatewright.core.clock import instant
from slatewright.lifecycle.training import train
from slatewright.testing.shops import town_shop
from tests.lifecycle.test_updating import RECIPE

from .conftest import refusal, slatewright


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose live bundle knows nothing since February."""
    shop = town_shop(tmp_path_factory.mktemp("update") / "shop", recipe=RECIPE)
    train(shop, now=instant("2026-01-01"), as_of=instant("2024-02-10"))
    return shop.root


def test_it_tells_before_and_after_and_what_to_do_next(town: Path) -> None:
    (parent,) = json.loads(slatewright("list", "--shop", town, "--json"))
    text = slatewright("update", "--shop", town, "--judged-share", 0.5)
    heads, older, newer, last = text.splitlines()
    assert heads.split() == ["model", "NDCG@10", "of", "before", "after", "events"]
    assert older.startswith("taste  older events")
    assert newer.strip().startswith("newer events")
    assert f"goes on from {parent['version']}; make it live with: slatewright promote" in last
    rows = json.loads(slatewright("list", "--shop", town, "--json"))
    assert [row.get("parent") for row in rows] == [None, parent["version"]]
    assert "parent" in slatewright("list", "--shop", town)
    answer = json.loads(slatewright("update", "taste", "--shop", town, "--judged-share", 0.5, "--promote", "--json"))
    assert answer["version"] == answer["live"] == rows[1]["version"]
    assert answer["models"]["taste"]["older"]["n"] > 0
    assert answer["models"]["taste"]["forgotten"] >= 0
    assert "nothing happened since" in refusal("update", "--shop", town)


def test_refusals_are_one_line(town: Path, shop: Path) -> None:
    assert "no estimator of the recipe can learn on, only MF, " in refusal("update", "--shop", shop)
    assert "Updating.replay_share must be < 1, got 1" in refusal("update", "--shop", town, "--replay-share", 1)
