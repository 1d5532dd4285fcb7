from dataclasses import replace

import polars as pl

from slatewright.data.report import describe
from slatewright.data.report.findings import findings

from .making import shop_events


def test_what_stands_out_in_the_corner_shop() -> None:
    said = findings(describe(shop_events()))
    assert said[0].startswith("Half of the users have at most 3 events. 2 users (67\u00a0%) have 3 or fewer")
    assert said[1].startswith(
        "In the latest fifth of the events, 50\u00a0% come from users never seen before and 50\u00a0%"
    )
    assert said[2] == (
        "The longest gap is 6 days, 4 January 2024 to 9 January 2024. Was the shop closed, or is data missing? "
        "There were no events on 1 other day either."
    )
    assert len(said) == 3


def test_suspects_come_with_the_setting_that_leaves_them_out() -> None:
    charges = pl.DataFrame({"item_id": [f"FEE{at}" for at in range(8)], "title": ["Fee"] * 8, "events": 1, "users": 1})
    (said,) = [text for text in findings(replace(describe(shop_events()), suspects=charges)) if "charges" in text]
    assert said.startswith("8 items look like charges or tests rather than products: FEE0, FEE1, ")
    assert "FEE5 and 2 more" in said
    assert "not_products under [cleaning]" in said


def test_closed_weekdays_the_long_tail_and_the_warm_are_told() -> None:
    many = pl.DataFrame({"user_id": "ann", "item_id": [f"i{at}" for at in range(20)] + ["i0"] * 20, "time": 0})
    report = replace(describe(many), closed=("Saturday", "Sunday"), warm_items=1, warm_users=2)
    said = findings(report)
    assert "The most popular tenth of the items takes 55\u00a0% of the events; 19 items have a single event." in said
    assert "There are hardly ever events on a Saturday or Sunday." in said
    assert said[-2:] == ["1 item has facts but no event yet.", "2 users have facts but no event yet."]
