import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.arrays import Frame
from slatewright.core.clock import MICROSECONDS_PER_SECOND, instant
from slatewright.data.cleaning import Cleaned, Cleaning, clean
from slatewright.simulate.shop import Simulation, simulate

from .making import NOW, SCHEMA, cleaned, count, events, rows_kept

ODD = "ten\u200bthousand " + "x" * 10_000


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"user_id": None}, "no user_id"),
        ({"user_id": " "}, "no user_id"),
        ({"item_id": None}, "no item_id"),
        ({"item_id": ""}, "no item_id"),
        ({"kind": None}, "no kind"),
        ({"time": None}, "no time"),
        ({"value": math.nan}, "value is not a finite number"),
        ({"value": -math.inf}, "value is not a finite number"),
        ({"quantity": math.inf}, "quantity is not a finite number"),
        ({"price": math.nan}, "price is not a finite number"),
    ],
)
def test_a_row_that_nobody_can_use_is_set_aside_with_its_reason(row: dict[str, object], reason: str) -> None:
    result = cleaned({"item_id": "cup"}, row)
    assert result.quarantined.select("file", "row", "reason").rows() == [("may.csv", 2, reason)]
    assert rows_kept(result) == [1]


def test_times_of_1970_and_2200_are_impossible_unless_told_otherwise() -> None:
    moments = ("1970-01-01", "1989-12-31T23:59:59", "1990-01-01", "2024-06-02", "2024-06-03", "2200-01-01")
    rows = [{"time": instant(moment), "item_id": moment} for moment in moments]
    result = cleaned(*rows)
    assert rows_kept(result) == [3, 4]  # a clock may run ahead by a day
    assert count(result, "impossible times") == 4
    assert result.quarantined["reason"][0] == "impossible time: before 1990-01-01 or from the future"
    assert rows_kept(cleaned(*rows, earliest="1960-01-01")) == [1, 2, 3, 4]
    assert cleaned(*rows, impossible_times=False).kept.height == 6


def test_item_ids_in_two_cases_become_one_and_the_merge_is_listed() -> None:
    result = cleaned(*({"item_id": item, "second": 60 * at} for at, item in enumerate(["A1", "a1 ", "A1", "b"])))
    assert result.kept["item_id"].to_list() == ["A1", "A1", "A1", "b"]
    assert result.labels.rows() == [("a1 ", "A1", 1)]
    assert count(result, "inconsistent labels") == 1
    apart = cleaned({"item_id": "A1"}, {"item_id": "a1"}, merge_labels=False)
    assert (apart.kept["item_id"].to_list(), apart.labels.height) == (["A1", "a1"], 0)


def test_spellings_are_merged_before_duplicates_are_looked_for() -> None:
    result = cleaned({"item_id": "A1"}, {"item_id": "a1"}, {"item_id": "A1", "second": 60})
    assert (rows_kept(result), count(result, "exact duplicates")) == ([1, 3], 1)


def test_the_merges_of_the_whole_import_hold_in_a_partition_that_knows_one_spelling() -> None:
    merges = pl.DataFrame({"label": ["a1"], "merged_into": ["A1"], "rows": [9]})
    result = clean(events({"item_id": "a1"}), Cleaning(), now=NOW, merges=merges)
    assert result.kept["item_id"].to_list() == ["A1"]


def test_what_is_no_product_is_named_in_any_case() -> None:
    result = cleaned({"item_id": "POST"}, {"item_id": "bank  charges"}, {}, not_products=("post", "Bank Charges"))
    assert result.quarantined["reason"].to_list() == ["not a product", "not a product"]
    assert rows_kept(result) == [3]


def test_odd_ids_are_ids() -> None:
    names = ["two words", "🛍️", "007", "7", ODD, "Ünï"]
    result = cleaned(*({"user_id": name, "item_id": name} for name in names))
    assert result.kept["item_id"].to_list() == names
    assert result.kept["user_id"].to_list() == names


def test_columns_that_cleaning_does_not_know_travel_along_and_optional_ones_may_lack() -> None:
    frame = events({}, {"second": 60}).select("user_id", "item_id", "kind", "time").with_columns(note=pl.lit("hi"))
    result = clean(frame, Cleaning(), now=NOW)
    assert result.kept.equals(frame)
    assert result.quarantined.columns == [*frame.columns, "reason"]


def test_an_empty_frame_is_clean() -> None:
    result = clean(events().clear(), Cleaning(not_products=("POST",)), now=NOW)
    assert (result.kept.height, result.merged, result.quarantined.height) == (0, 0, 0)
    assert sum(step.rows for step in result.steps) == 0
    assert dict(result.kept.schema) == SCHEMA


def test_a_million_rows_of_one_user_are_cleaned_in_one_go() -> None:
    n = 1_000_000
    time = instant("2024-01-01") + np.arange(n) * 7 * MICROSECONDS_PER_SECOND
    frame = pl.DataFrame({"user_id": ["ann"], "item_id": ["mug"], "kind": ["purchase"]}).select(
        pl.all().repeat_by(n).explode()
    )
    result = clean(frame.with_columns(time=time), Cleaning(robot_events_per_day=100_000), now=NOW)
    assert result.kept.height + result.quarantined.height == n
    assert result.kept.height == int((time <= NOW + 86_400 * MICROSECONDS_PER_SECOND).sum())


ROWS = st.fixed_dictionaries(
    {},
    optional={
        "user_id": st.sampled_from(["ann", "bob", None, " "]),
        "item_id": st.sampled_from(["mug", "Mug", "cup", "post", None]),
        "kind": st.sampled_from(["view", "purchase", "return", "rating", None]),
        "value": st.sampled_from([1.0, 2.0, -1.0, math.nan, math.inf, None]),
        "second": st.sampled_from([0, 1, 2, 3, 60, 90, 86_400]),
        "time": st.sampled_from([None, 0, NOW, 2 * NOW]),
        "quantity": st.sampled_from([None, 1.0, 2.0, -1.0, -2.0, 0.0]),
        "invoice": st.sampled_from([None, "1", "C1", "C2"]),
    },
)
KNOBS = st.builds(
    Cleaning,
    exact_duplicates=st.booleans(),
    near_seconds=st.sampled_from([0.0, 1.0, 60.0]),
    merge_labels=st.booleans(),
    returns=st.booleans(),
    impossible_times=st.booleans(),
    robots=st.booleans(),
    robot_events_per_minute=st.sampled_from([1, 3, 100]),
    not_products=st.sampled_from([(), ("POST",)]),
)


@given(st.lists(ROWS, max_size=25), KNOBS)
def test_every_row_is_kept_or_merged_or_set_aside(rows: list[dict[str, object]], knobs: Cleaning) -> None:
    frame = events(*rows)
    result = clean(frame, knobs, now=NOW)
    _accounted_for(frame, result)
    again = clean(result.kept, knobs, now=NOW)
    assert again.kept.height + again.merged + again.quarantined.height == result.kept.height
    assert dict(again.kept.schema) == dict(frame.schema) == dict(result.kept.schema)


def _accounted_for(frame: Frame, result: Cleaned) -> None:
    kept, aside = set(result.kept["row"]), set(result.quarantined["row"])
    assert len(kept) == result.kept.height
    assert not kept & aside
    assert frame.height == len(kept) + len(aside) + result.merged
    assert rows_kept(result) == sorted(kept)
    by_outcome = {"merged": 0, "quarantined": 0, "changed": 0}
    for step in result.steps:
        by_outcome[step.outcome] += step.rows
    assert (by_outcome["merged"], by_outcome["quarantined"]) == (result.merged, result.quarantined.height)
    assert result.quarantined["reason"].null_count() == 0
    given_rows = frame.filter(pl.col("row").is_in(list(aside)))
    assert result.quarantined.drop("reason").equals(given_rows)


@given(st.lists(ROWS, max_size=25), st.sampled_from([0.0, 1.0, 60.0]))
def test_duplicates_and_returns_agree_with_a_slow_reading_of_the_rules(
    rows: list[dict[str, object]], near: float
) -> None:
    knobs = Cleaning(near_seconds=near, robots=False, merge_labels=False)
    result = clean(events(*rows), knobs, now=NOW)
    usable = clean(
        events(*rows),
        Cleaning(near_seconds=0.0, robots=False, merge_labels=False, exact_duplicates=False, returns=False),
        now=NOW,
    ).kept
    expected = _without_repeats(usable.sort("time", "row").to_dicts(), near)
    before_returns = result.kept.height + count(result, "returns without a purchase")
    assert before_returns == len(expected)
    aside = set(result.quarantined["row"])
    assert {row["row"] for row in expected} - aside == set(result.kept["row"])


def _without_repeats(rows: list[dict[str, object]], near: float) -> list[dict[str, object]]:
    last: dict[tuple[object, ...], int] = {}
    kept = []
    for row in rows:
        said = tuple(row[name] for name in ("user_id", "item_id", "kind", "value", "quantity", "invoice"))
        time = round(row["time"].timestamp() * MICROSECONDS_PER_SECOND)  # type: ignore[attr-defined]
        if said in last and time - last[said] <= near * MICROSECONDS_PER_SECOND:
            continue
        last[said] = time
        kept.append(row)
    return kept


def test_the_dirt_that_was_put_into_a_simulated_shop_is_found_again() -> None:
    shop = simulate(Simulation(users=500, items=200, days=60, dirt=0.03, rng=3))
    dirt = shop.truth.dirt
    latest = shop.events.filter(pl.col("time").dt.year() < 2200)["time"].cast(pl.Int64).to_numpy().max()
    result = clean(shop.events, Cleaning(), now=int(latest))
    for step in ("inconsistent labels", "impossible times", "exact duplicates", "returns"):
        assert count(result, step) == pytest.approx(dirt[step.replace("inconsistent ", "")], abs=3), step
    # some fast clicks of a robot are near duplicates first, so these two are told apart only together
    hasty = count(result, "near duplicates") + count(result, "robots")
    assert hasty == pytest.approx(dirt["near duplicates"] + dirt["robot views"], abs=5)
    assert count(result, "returns without a purchase") <= 3
