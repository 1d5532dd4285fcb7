import io

import polars as pl
from rich.console import Console

from slatewright.data.report import DataReport, describe, render_terminal

from .making import shop_events
from .test_page import Account


def printed(report: DataReport, width: int = 120) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(render_terminal(report))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_terminal_shows_numbers_kinds_curves_and_what_stands_out() -> None:
    text = printed(describe(shop_events(), name="corner"))
    assert "The events of corner" in text
    assert "58\u00a0%" in text  # 7 of 12 pairs
    assert "10 January 2024" in text
    (views,) = [line for line in text.splitlines() if line.lstrip().startswith("view")]
    assert "█ ▂      ▄" in views  # five on the first day, one on the third, two on the tenth
    assert "The longest gap is 6 days" in text


def test_the_cleaning_counts_are_printed_and_steps_that_did_nothing_are_not() -> None:
    text = printed(describe(shop_events(), Account()))
    lines = [line.split() for line in text.splitlines()]
    for line in (["read", "20"], ["kept", "11"], ["merged", "4"], ["quarantined", "5"], ["robots", "5", "quarantined"]):
        assert line in lines


def test_names_that_look_like_markup_are_printed_as_they_are() -> None:
    events = shop_events().with_columns(pl.col("kind").replace("view", "[red]view"), pl.lit("[b]").alias("item_id"))
    text = printed(describe(events, name="[i]shop"))
    assert "[red]view" in text
    assert "[i]shop" in text
    assert "[b]" in text


def test_a_narrow_terminal_shortens_the_curve_and_no_number() -> None:
    lines = printed(describe(shop_events()), width=60).splitlines()
    head = next(line for line in lines if "over" in line)
    assert head.split() == ["kind", "events", "users", "items", "over", "time"]
    assert all(len(line) <= 60 for line in lines)
    assert not any("…" in line for line in lines)
