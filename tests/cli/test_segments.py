"""slatewright segments"""

import json
from pathlib import Path

import polars as pl

from .conftest import refusal, slatewright


def test_segments_of_users_with_what_sets_them_apart(shop: Path) -> None:
    text = slatewright("segments", "--shop", shop, "--n", 3)
    assert "takes more than others" in text
    assert "x" in text


def test_a_page_pictures_and_members(shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "look"
    answer = json.loads(slatewright("segments", "--shop", shop, "--method", "hierarchical", "--out", out, "--json"))
    sizes = [one["size"] for one in answer["segments"]]
    assert sum(sizes) == answer["placed"]
    assert answer["n_segments"] == len(sizes) == len(set(pl.read_csv(out / "members.csv")["segment"].drop_nulls()))
    members = pl.read_csv(out / "members.csv")
    assert members.columns == ["user_id", "segment", "name"]
    assert members["segment"].null_count() == answer["not_placed"]
    assert members["segment"].value_counts(sort=True)["count"].drop_nulls()[0] >= sizes[0]
    names = {
        "index.html",
        "members.csv",
        *(f"{one}.{kind}" for one in ("map", "tree", "choice") for kind in ("svg", "png")),
    }
    assert {path.name for path in out.iterdir()} == names
    slatewright("segments", "--shop", shop, "--n", 2, "--out", out)
    assert {path.name for path in out.iterdir()} == names - {"choice.svg", "choice.png"}  # nothing was chosen now


def test_items_and_the_same_seed(shop: Path) -> None:
    first, second = (slatewright("segments", "--shop", shop, "--of", "items", "--n", 4, "--json") for _ in range(2))
    assert first == second
    assert json.loads(first)["of"] == "items"


def test_only_what_was_known_then(shop: Path) -> None:
    early = json.loads(slatewright("segments", "--shop", shop, "--as-of", "2024-01-10", "--n", 2, "--json"))
    late = json.loads(slatewright("segments", "--shop", shop, "--n", 2, "--json"))
    assert early["placed"] < late["placed"]


def test_what_is_not_a_choice_is_refused(shop: Path) -> None:
    assert "must be one of 'users', 'items', got 'shops'" in refusal("segments", "--shop", shop, "--of", "shops")
    for n in (0, 1):
        assert f"n_segments must be >= 2, got {n}" in refusal("segments", "--shop", shop, "--n", n)
