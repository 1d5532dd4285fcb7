"""slatewright batch"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl

from .conftest import refusal, slatewright


def test_slates_of_all_users_go_to_a_folder(shop: Path, tmp_path: Path) -> None:
    said = slatewright("batch", tmp_path / "slates", "--shop", shop, "--k", 3, "--processes", 1)
    slates = pl.read_parquet(tmp_path / "slates" / "*.parquet")
    assert f"{slates['user_id'].n_unique()} users to {tmp_path / 'slates'}, by bundle" in said
    (one,) = slates["user_id"].head(1)
    asked = json.loads(slatewright("recommend", one, "--shop", shop, "-k", 3, "--json"))
    assert slates.head(3)["item_id"].to_list() == [item["item_id"] for item in asked["items"]]


def test_the_users_of_a_file_go_to_a_database(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "users.txt").write_text("u00001\nnobody\nu00001\n", encoding="utf-8")
    options = ("--users", tmp_path / "users.txt", "--table", "mail", "--json", "--processes", 1)
    told = json.loads(slatewright("batch", f"sqlite:///{tmp_path}/x.db", "--shop", shop, *options))
    assert (told["users"], told["made_now"], told["resumed"]) == (2, 2, False)


def test_ids_are_taken_as_they_are(shop: Path, tmp_path: Path) -> None:
    odd = ["u\u2028x", " ", "O'Hara; DROP TABLE slates", "u00001"]
    (tmp_path / "users.txt").write_bytes("\ufeff".encode() + "\r\n".join(odd).encode())
    slatewright("batch", f"sqlite:///{tmp_path}/x.db", "--shop", shop, "--users", tmp_path / "users.txt", "-k", 2)
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        found = connection.execute("SELECT user_id, count(*) FROM slates GROUP BY 1 ORDER BY 1").fetchall()
    assert found == [(name, 2) for name in sorted(odd)]
    (tmp_path / "users.txt").write_bytes(b"u\xff")
    assert "must be text in UTF-8" in refusal(
        "batch", tmp_path / "a", "--shop", shop, "--users", tmp_path / "users.txt"
    )


def test_what_cannot_be_done_is_one_line(shop: Path, tmp_path: Path) -> None:
    assert "nothing.txt cannot be read" in refusal("batch", tmp_path / "a", "--shop", shop, "--users", "nothing.txt")
    place = f"sqlite:///{tmp_path}/no/such/folder.db"
    assert "cannot be opened" in refusal("batch", place, "--shop", shop, "--processes", 1)
    (tmp_path / "taken").write_text("")
    assert "was not written by slatewright batch" in refusal("batch", tmp_path / "taken", "--shop", shop)
