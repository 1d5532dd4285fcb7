"""A shop is founded from its files alone, and the settings say what was guessed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput
from slatewright.core.knobs import knobs_of
from slatewright.data.cleaning import Cleaning
from slatewright.data.reading_log import read_dataset
from slatewright.store.founding import found
from slatewright.store.importing import import_shop
from slatewright.store.shop import Shop

NOW = instant("2024-06-01")


def write(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)


@pytest.fixture
def events(tmp_path: Path) -> str:
    return write(
        tmp_path / "events.csv",
        "visitorid,itemid,event,timestamp,extra\n7,a,addtocart,1433221332,x\n8,b,view,1433221333,y\n",
    )


def test_the_settings_hold_every_guess(tmp_path: Path, events: str) -> None:
    founding = found(tmp_path / "shop", [events])
    shop = Shop.open(tmp_path / "shop")
    assert shop.section("shop") == {"name": "shop"}
    assert shop.section("events")["files"] == [events]
    assert shop.section("events")["columns"] == {
        "user_id": "visitorid", "item_id": "itemid", "kind": "event", "time": "timestamp",
    }  # fmt: skip
    assert shop.section("weights") == {"cart": 3.0, "view": 1.0, "purchase": 5.0}
    assert shop.knobs("cleaning", Cleaning) == Cleaning()
    assert set(shop.section("cleaning")) == {field.name for field in knobs_of(Cleaning)}
    said = "\n".join(founding.guesses)
    for guess in ("visitorid is the user", "seconds since 1970", "cart (addtocart in the file)", "extra mean nothing"):
        assert guess in said
    assert shop.recipe.read_text().strip()


def test_a_founded_shop_imports(tmp_path: Path, events: str) -> None:
    items = write(tmp_path / "items.csv", "itemid,title\na,Lamp\nb,Cup\n")
    users = write(tmp_path / "users.csv", "visitorid,age\n7,30\n")
    shop = found(tmp_path / "shop", [events], [items], [users]).shop
    done = import_shop(shop, now=NOW)
    assert done.events.kept == 2
    assert done.items is not None
    assert done.users is not None
    assert (done.items.kept, done.users.kept) == (2, 1)
    dataset = read_dataset(shop.log)
    assert dataset.item_facts["title"].to_list() == ["Lamp", "Cup"]
    assert dataset.user_facts["age"].to_list() == [30, None]


def test_files_are_found_from_every_folder(tmp_path: Path, events: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shop = found("shop", ["events.csv"]).shop
    monkeypatch.chdir("/")
    assert import_shop(Shop.open(tmp_path / "shop"), now=NOW).events.kept == 2
    assert shop.section("events")["files"] == [events]


def test_one_kind_weighs_one(tmp_path: Path) -> None:
    orders = write(tmp_path / "o.csv", "CustomerID,StockCode,Quantity,InvoiceDate,Description\n1,a,2,2024-01-01,Lamp\n")
    founding = found(tmp_path / "shop", [orders])
    assert founding.shop.section("weights") == {"purchase": 1.0}
    assert founding.shop.section("events")["default_kind"] == "purchase"
    assert any("every event counts as: purchase" in guess for guess in founding.guesses)
    assert any("Description is the title of the item" in guess for guess in founding.guesses)


def test_a_file_without_times_is_dated(tmp_path: Path) -> None:
    plays = write(tmp_path / "p.csv", "user,artist_id\n1,a\n")
    founding = found(tmp_path / "shop", [plays])
    assert founding.shop.section("events")["undated"] == "2000-01-01"
    assert import_shop(founding.shop, now=NOW).events.kept == 1
    assert any("no column tells when" in guess for guess in founding.guesses)


def test_a_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shop.db"
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection, connection:
        connection.execute("CREATE TABLE clicks (user, item, at)")
        connection.execute("INSERT INTO clicks VALUES ('u', 'i', 1433221332)")
    shop = found(tmp_path / "shop", [url], query="SELECT user, item, at AS time FROM clicks").shop
    assert import_shop(shop, now=NOW).events.kept == 1


@pytest.mark.parametrize("name", ['quo"te', "back\\slash", "new\nline", "emoji 😀"])
def test_names_and_columns_that_need_quoting(name: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({"user": ["u"], "item": ["i"], "time": ["2024-01-01"], name: ["x"]})
    frame.write_parquet(tmp_path / "e.parquet")
    shop = found(tmp_path / "shop", [str(tmp_path / "e.parquet")], name=name).shop
    assert shop.section("shop")["name"] == name


def test_columns_that_cannot_be_guessed(tmp_path: Path) -> None:
    odd = write(tmp_path / "e.csv", "who,what,time,rating\n1,a,2024-01-01,5\n")
    given = {"user_id": "who", "item_id": "what", "value": ""}
    shop = found(tmp_path / "shop", [odd], columns=given).shop
    assert shop.section("events")["columns"] == {"user_id": "who", "item_id": "what", "time": "time", "value": ""}
    assert import_shop(shop, now=NOW).events.kept == 1


def test_a_shop_is_not_founded_twice(tmp_path: Path, events: str) -> None:
    found(tmp_path / "shop", [events])
    with pytest.raises(BadInput, match="is a shop already"):
        found(tmp_path / "shop", [events])


def test_a_file_that_cannot_be_used_founds_nothing(tmp_path: Path) -> None:
    bad = write(tmp_path / "e.csv", "a,b\n1,2\n")
    with pytest.raises(BadInput, match="looks like the user"):
        found(tmp_path / "shop", [bad])
    assert not (tmp_path / "shop").exists()


def test_ratings_below_the_middle_of_their_scale_do_not_count_as_liking(tmp_path: Path) -> None:
    rows = "".join(f"u{at},i{at},{at % 5 + 1},{1433221332 + at}\n" for at in range(10))
    founding = found(tmp_path / "shop", [write(tmp_path / "ratings.csv", "userId,movieId,rating,timestamp\n" + rows)])
    assert founding.shop.section("ratings") == {"positive": 3.0}
    assert "ratings below 3 do not count as liking; change it under [ratings]" in founding.guesses
    import_shop(founding.shop, now=NOW)
    dataset = founding.shop.weighing().read(founding.shop.log)
    liked = dataset.items.names_of(dataset.interactions.item[dataset.interactions.weight > 0])
    assert sorted(liked) == ["i2", "i3", "i4", "i7", "i8", "i9"]
