from datetime import date
from pathlib import Path

import polars as pl
import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput
from slatewright.data.report import describe
from slatewright.data.report.contents import Gap
from slatewright.events.log import EventLog

from .making import shop_events


def test_the_numbers_of_a_small_shop_are_the_ones_counted_by_hand() -> None:
    report = describe(shop_events(), name="corner")
    assert (report.events, report.users, report.items, report.pairs) == (11, 3, 4, 7)
    assert report.density == 7 / 12
    assert report.kinds.rows() == [("view", 8, 3, 4), ("purchase", 2, 2, 2), ("return", 1, 1, 1)]
    assert (report.first, report.last) == (instant("2024-01-01T09:00:00Z"), instant("2024-01-10T18:00:00Z"))
    assert report.days.filter(pl.col("day") == date(2024, 1, 1)).rows() == [(date(2024, 1, 1), "view", 5)]
    assert report.hours.filter(pl.col("hour") == 18).rows() == [(3, 18, 1)]  # the 10th was a Wednesday
    assert report.top.row(0) == ("mug", None, 5, 3)


def test_returns_are_events_but_neither_activity_nor_popularity() -> None:
    report = describe(shop_events())
    assert dict(zip(report.per_user.sizes.tolist(), report.per_user.owners.tolist(), strict=True)) == {1: 1, 3: 1, 6: 1}
    assert dict(zip(report.per_item.sizes.tolist(), report.per_item.owners.tolist(), strict=True)) == {1: 2, 3: 1, 5: 1}


def test_newcomers_are_counted_in_the_last_fifth_of_the_events() -> None:
    new = describe(shop_events()).newcomers
    assert new.since == instant("2024-01-10")  # two of eleven events are on the 10th, three after the 3rd
    assert (new.events, new.events_of_new_users, new.events_on_new_items) == (2, 1, 1)
    assert (new.users, new.new_users, new.items, new.new_items) == (2, 1, 2, 1)


def test_facts_give_titles_and_tell_who_has_no_event() -> None:
    items = pl.DataFrame({"item_id": ["mug", "cup", "pan", "POST"], "title": ["A mug", "A cup", "A pan", "Postage"]})
    users = pl.DataFrame({"user_id": ["ann", "zoe"]})
    report = describe(shop_events(), item_facts=items, user_facts=users)
    assert report.top["title"].to_list()[0] == "A mug"
    assert (report.warm_items, report.warm_users) == (2, 1)
    assert report.suspects.is_empty()  # POST has no events


def test_gaps_are_the_days_between() -> None:
    assert describe(shop_events()).gaps == (
        Gap(date(2024, 1, 4), date(2024, 1, 9)),
        Gap(date(2024, 1, 2), date(2024, 1, 2)),
    )


def test_a_log_is_described_like_the_frame_that_was_logged(tmp_path: Path) -> None:
    events = shop_events()
    log = EventLog(tmp_path)
    log.append("interactions", events.with_columns(event_id=pl.int_range(pl.len()).cast(pl.String)))
    facts = pl.DataFrame({"event_id": ["1"], "item_id": ["mug"], "facts": ['{"title": "A mug"}'], "time": [0]})
    log.append("item_updates", facts)
    report = describe(log, name="corner")
    assert report.version == f"interactions@{log.version('interactions')}"
    assert report.top.row(0) == ("mug", "A mug", 5, 3)
    plain = describe(events, name="corner").as_dict()
    assert {**report.as_dict(), "version": "", "top": []} == {**plain, "top": []}


def test_a_frame_without_kinds_has_interactions() -> None:
    report = describe(shop_events().drop("kind"))
    assert report.kinds["kind"].to_list() == ["interaction"]


def test_nothing_to_describe_is_said_with_the_way_out(tmp_path: Path) -> None:
    for nothing in (EventLog(tmp_path), shop_events().clear()):
        with pytest.raises(BadInput, match="no events to report on; import some first"):
            describe(nothing)


@pytest.mark.data
def test_the_gaps_of_a_real_shop_are_the_holidays_of_its_country(data_dir: Path) -> None:
    rows = pl.read_parquet(data_dir / "online_retail" / "year_2010_2011.parquet").drop_nulls("customer_id")
    events = rows.select(
        user_id=pl.col("customer_id").cast(pl.String),
        item_id=pl.col("stock_code"),
        time=pl.col("invoice_time").dt.cast_time_unit("us"),
    )
    titles = rows.select(item_id="stock_code", title="description")
    report = describe(events, item_facts=titles)
    assert (report.events, report.users, report.closed) == (406_829, 4_372, ("Saturday",))
    assert report.gaps[0] == Gap(date(2010, 12, 24), date(2011, 1, 3))
    assert Gap(date(2011, 4, 22), date(2011, 4, 25)) in report.gaps  # Easter
    assert {"POST", "M", "D", "C2", "BANK CHARGES"} <= set(report.suspects["item_id"])
    assert report.suspects.height < 20
