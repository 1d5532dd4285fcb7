from datetime import UTC, datetime

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from slatewright.data.importing.fingerprint import fingerprints

COLUMNS = ["user_id", "item_id", "value", "time"]


def frame(rows: list[tuple[str | None, str | None, float | None, int | None]]) -> pl.DataFrame:
    kinds = {"user_id": pl.String(), "item_id": pl.String(), "value": pl.Float32(), "time": pl.Int64()}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def test_ids_never_change() -> None:
    """These very ids are in people's logs: another result would import every event a second time."""
    rows = frame([("anna", "a", 1.0, 1_300_000_000_000_000), ("007", "😀 long enough for two words", None, None)])
    assert fingerprints(rows, COLUMNS).to_list() == ["xkbBitha-VIc", "Y0ckmn8Y3T6T"]


def test_a_text_type_and_a_time_type_do_not_matter() -> None:
    moment = datetime(2011, 3, 13, 7, 6, 40, tzinfo=UTC)
    typed = pl.DataFrame({"user_id": ["u"], "value": [2], "time": [moment]})
    plain = pl.DataFrame({"user_id": ["u"], "value": [2.0], "time": [1_300_000_000_000_000]})
    floats = plain.with_columns(pl.col("value").cast(pl.Float32))
    assert fingerprints(floats, ["user_id", "time"]).equals(fingerprints(typed, ["user_id", "time"]))


def test_a_missing_column_is_a_column_of_nothing() -> None:
    rows = frame([("u", None, None, 5)])
    assert fingerprints(rows, COLUMNS).equals(fingerprints(rows.drop("item_id", "value"), COLUMNS))


def test_two_zeros_are_one() -> None:
    assert fingerprints(frame([("u", "i", 0.0, 1), ("u", "i", -0.0, 1)]), COLUMNS).n_unique() == 1


texts = st.none() | st.text(max_size=12)
rows_of_events = st.lists(
    st.tuples(texts, texts, st.none() | st.floats(-9, 9, width=32), st.none() | st.integers(0, 9)), max_size=30
)


@given(rows_of_events)
def test_rows_share_an_id_exactly_when_they_say_the_same(
    rows: list[tuple[str | None, str | None, float | None, int | None]],
) -> None:
    rows = [(u, i, None if v is None else v + 0.0, t) for u, i, v, t in rows]
    ids = fingerprints(frame(rows), COLUMNS).to_list()
    assert len(set(ids)) == len(set(rows))
    assert dict(zip(rows, ids, strict=True)) == dict(zip(reversed(rows), reversed(ids), strict=True))
    assert all(len(name) == 12 for name in ids)


def test_a_million_rows_have_a_million_ids() -> None:
    number = pl.int_range(1_000_000, eager=True)
    rows = pl.DataFrame({"user_id": (number % 1000).cast(pl.String), "time": number // 1000})
    assert fingerprints(rows, COLUMNS).n_unique() == 1_000_000
