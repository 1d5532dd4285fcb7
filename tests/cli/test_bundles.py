"""slatewright train, list, promote, rollback"""

import json
from pathlib import Path

from slatewright.cli.train import told_of
from slatewright.store.shelf import Shelf

from .conftest import refusal, slatewright


def versions(shop: Path) -> list[str]:
    return [row["version"] for row in json.loads(slatewright("list", "--shop", shop, "--json"))]


def live(shop: Path) -> list[str]:
    return [row["version"] for row in json.loads(slatewright("list", "--shop", shop, "--json")) if row["live"]]


def test_list_shows_every_bundle_and_which_is_live(shop: Path) -> None:
    old, new = versions(shop)
    text = slatewright("list", "--shop", shop)
    rows = [line for line in text.splitlines() if "2024" in line]
    assert [line.split()[0] for line in rows] == [old, "live"]
    assert new in rows[1]
    assert "2024-02-15" in rows[0]


def test_promote_and_roll_back(shop: Path) -> None:
    old, new = versions(shop)
    assert slatewright("promote", old, "--shop", shop) == f"live: {old}\n"
    assert live(shop) == [old]
    assert slatewright("rollback", "--shop", shop) == f"live: {new}\n"
    assert live(shop) == [new]


def test_there_is_nothing_to_roll_back_to(shop: Path) -> None:
    assert "no other bundle" in refusal("rollback", "--shop", shop)


def test_a_damaged_bundle_is_not_promoted(shop: Path) -> None:
    old, new = versions(shop)
    array = next((shop / "bundles" / old / "arrays").rglob("*.npy"))
    array.write_bytes(array.read_bytes()[:-10])
    assert array.name in refusal("promote", old, "--shop", shop)
    assert live(shop) == [new]


def test_a_damaged_card_hides_no_other_bundle(shop: Path) -> None:
    old, new = versions(shop)
    (shop / "bundles" / old / "card.json").write_text("{", encoding="utf-8")
    damaged, whole = json.loads(slatewright("list", "--shop", shop, "--json"))
    assert "card.json is not whole" in damaged["damaged"]
    assert (whole["version"], whole["live"]) == (new, True)
    assert "damaged" in slatewright("list", "--shop", shop)


def test_an_unknown_version_is_answered_with_the_known_ones(shop: Path) -> None:
    message = refusal("promote", "v9", "--shop", shop)
    assert "'v9'" in message
    assert all(version in message for version in versions(shop))


def test_the_same_training_gives_the_same_bundle(shop: Path) -> None:
    answer = json.loads(slatewright("train", "--shop", shop, "--json"))
    assert answer == {"version": versions(shop)[-1], "live": versions(shop)[-1]}


def test_a_later_bundle_waits_for_promote(shop: Path) -> None:
    text = slatewright("train", "--shop", shop, "--as-of", "2024-02-20")
    assert "slatewright promote 20240220" in text
    assert len(versions(shop)) == 3


def test_a_recipe_that_does_not_run_is_named_with_its_line(shop: Path) -> None:
    (shop / "recipe.py").write_text("recipe = 1 / 0\n", encoding="utf-8")
    message = refusal("train", "--shop", shop)
    assert "recipe.py does not run: ZeroDivisionError: division by zero (line 1)" in message


def test_a_folder_that_is_no_shop(tmp_path: Path) -> None:
    assert "is not a shop" in refusal("list", "--shop", tmp_path)
    assert "slatewright init" in refusal("train", "--shop", tmp_path)


def test_a_shop_without_bundles(shop: Path) -> None:
    for version in versions(shop):
        (shop / "bundles" / version / "card.json").unlink()
    assert Shelf(shop / "bundles").versions() == []
    assert json.loads(slatewright("list", "--shop", shop, "--json")) == []


def test_what_would_let_networks_start_faster_is_told_once() -> None:
    slow = {"runtime": {"by": "the engine of Keras", "for ONNX Runtime": "pip install it"}}
    quick = {"runtime": {"by": "ONNX Runtime"}}
    lines = list(told_of({"next": slow, "towers": slow, "deep": quick, "popular": {}}))
    assert lines == [
        "the engine of Keras answers for next, towers; ONNX Runtime, which starts faster, after: pip install it"
    ]
