"""slatewright init"""

import json
import tomllib
from pathlib import Path

from .conftest import refusal, slatewright

EVENTS = (
    "CustomerID,StockCode,InvoiceNo,InvoiceDate,Quantity,UnitPrice\n17850,85123A,536365,2010-12-01 08:26:00,6,2.55\n"
)


def test_it_says_what_it_took_each_column_for(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(EVENTS, encoding="utf-8")
    text = slatewright("init", tmp_path / "shop", "--events", tmp_path / "orders.csv")
    assert "CustomerID is the user" in text
    settings = tomllib.loads((tmp_path / "shop" / "slatewright.toml").read_text(encoding="utf-8"))
    assert settings["events"]["columns"]["item_id"] == "StockCode"
    assert (tmp_path / "shop" / "recipe.py").is_file()


def test_json_has_the_guesses(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(EVENTS, encoding="utf-8")
    answer = json.loads(slatewright("init", tmp_path / "shop", "--events", tmp_path / "orders.csv", "--json"))
    assert any("StockCode is the item" in guess for guess in answer["guesses"])


def test_a_shop_is_not_founded_twice(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(EVENTS, encoding="utf-8")
    slatewright("init", tmp_path / "shop", "--events", tmp_path / "orders.csv")
    assert "is a shop already" in refusal("init", tmp_path / "shop", "--events", tmp_path / "orders.csv")


def test_a_shop_begins_with_its_events(tmp_path: Path) -> None:
    assert "--events FILE" in refusal("init", tmp_path / "shop")
    assert not (tmp_path / "shop").exists()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "nowhere.csv" in refusal("init", tmp_path / "shop", "--events", tmp_path / "nowhere.csv")


def test_columns_whose_names_tell_nothing(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("who,what,time\n1,a,2024-01-01\n", encoding="utf-8")
    assert "--column user_id=" in refusal("init", tmp_path / "shop", "--events", tmp_path / "e.csv")
    columns = ("--column", "user_id=who", "--column", "item_id=what")
    slatewright("init", tmp_path / "shop", "--events", tmp_path / "e.csv", *columns)
    settings = tomllib.loads((tmp_path / "shop" / "slatewright.toml").read_text(encoding="utf-8"))
    assert settings["events"]["columns"] == {"user_id": "who", "item_id": "what", "time": "time"}
    assert "must look like" in refusal("init", tmp_path / "b", "--events", tmp_path / "e.csv", "--column", "who")


def test_an_option_takes_all_the_files_that_a_shell_writes_out(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        (tmp_path / name).write_text(EVENTS, encoding="utf-8")
    (tmp_path / "items.csv").write_text("StockCode,title\n85123A,Light\n", encoding="utf-8")
    files = [tmp_path / name for name in ("a.csv", "b.csv", "c.csv")]
    slatewright("init", tmp_path / "shop", "--events", *files, "--items", tmp_path / "items.csv", "--json")
    settings = tomllib.loads((tmp_path / "shop" / "slatewright.toml").read_text(encoding="utf-8"))
    assert settings["events"]["files"] == [str(file) for file in files]
    assert settings["items"]["files"] == [str(tmp_path / "items.csv")]
