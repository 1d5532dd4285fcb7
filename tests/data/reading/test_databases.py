"""Queries of SQLite and of a real PostgreSQL server."""

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.reading import expand, open_source


def everything(url: str, query: str) -> pl.DataFrame:
    source = open_source(expand([url], query=query)[0])
    return pl.concat(list(source.batches(source.columns)))


@pytest.fixture
def shop(tmp_path: Path) -> str:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE orders (buyer TEXT, product, at INTEGER, note TEXT)")
        rows = [("007", 1, 1_300_000_000, None), ("anna", "x", 1_300_000_001, None)]
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", rows)
    return f"sqlite:///{path}"


def test_rows_of_a_sqlite_query(shop: str) -> None:
    rows = everything(shop, "SELECT buyer AS user_id, product AS item_id, at AS time FROM orders ORDER BY at")
    # SQLite types values, not columns: a column of several types is text
    assert rows.cast(pl.String).rows() == [("007", "1", "1300000000"), ("anna", "x", "1300000001")]


def test_a_column_of_nothing_is_text(shop: str) -> None:
    assert everything(shop, "SELECT note FROM orders").schema == pl.Schema({"note": pl.String()})


def test_many_rows_come_in_batches(shop: str) -> None:
    query = "WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 250000) SELECT v FROM n"
    source = open_source(expand([shop], query=query)[0])
    sizes = [batch.height for batch in source.batches(["v"])]
    assert len(sizes) > 1
    assert sum(sizes) == 250_000


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * FROM nowhere", "the database refused: no such table"),
        ("SELECT * FROM orders WHERE 0", "gives no rows"),
        ("SELECT buyer, buyer FROM orders", "more than one column named 'buyer'"),
        ("DELETE FROM orders", "refused: attempt to write a readonly database"),
    ],
)
def test_refused_queries(shop: str, query: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        everything(shop, query)


def test_no_sqlite_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no SQLite file"):
        everything(f"sqlite:///{tmp_path}/nothing.db", "SELECT 1")


@pytest.mark.postgres
def test_rows_of_a_postgres_query(postgres: str) -> None:
    query = (
        "SELECT '00' || n AS user_id, n AS item_id, to_timestamp(1300000000 + n) AS time, n * 0.5 AS price "
        "FROM generate_series(1, 150000) AS n"
    )
    rows = everything(postgres, query)
    assert rows.height == 150_000
    assert rows["time"].dt.convert_time_zone("UTC").to_physical()[0] == 1_300_000_001_000_000
    assert rows.row(0)[:2] == ("001", 1)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * FROM nothing", 'refused: relation "nothing" does not exist'),
        ("SELECT 1 WHERE false", "gives no rows"),
        ("CREATE TABLE t (v int)", "refused"),
    ],
)
def test_refused_postgres_queries(postgres: str, query: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        everything(postgres, query)


@pytest.mark.postgres
def test_no_server_and_no_password_in_the_message(postgres: str) -> None:
    with pytest.raises(BadInput, match="the database refused") as caught:
        everything("postgresql://ann:secret@127.0.0.1:1/shop", "SELECT 1")
    assert "secret" not in str(caught.value)
