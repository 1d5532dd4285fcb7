"""Clicks beside an evaluation, from a shop's own log."""

from io import StringIO
from pathlib import Path

import orjson
import polars as pl
import pytest
from rich.console import Console

from slatewright.core.clock import iso
from slatewright.data.splits import GlobalTime, LastN
from slatewright.evaluate import markdown, tables
from slatewright.lifecycle.evaluating import evaluate_shop
from slatewright.store.shop import Shop
from slatewright.testing.shops import town_shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """The town, which was shown one slate before the cut and two after it; of six places after it two were clicked."""
    shop = town_shop(tmp_path / "town")
    events = shop.log.scan("interactions").collect()
    items, (early, late) = events["item_id"].unique().sort().head(3).to_list(), _times(events)
    rows = [("e1", "s1", items, "home", early), ("e2", "s2", items, "home", late), ("e3", "s3", items, "cart", late)]
    names = ("event_id", "slate_id", "item_ids", "surface", "time")
    shown = pl.DataFrame({name: [row[at] for row in rows] for at, name in enumerate(names)})
    shop.log.append("impressions", shown)
    user = events["user_id"][0]
    clicks = [("c1", "s1", items[0], early), ("c2", "s2", items[0], late), ("c3", "s2", items[1], late)]
    acts = pl.DataFrame(clicks, schema=["event_id", "slate_id", "item_id", "time"], orient="row")
    shop.log.append("interactions", acts.with_columns(user_id=pl.lit(user), kind=pl.lit("view")))
    return shop


def _times(events: pl.DataFrame) -> tuple[int, int]:
    times = events["time"].to_physical().sort()
    return int(times[0]), int(times[-1])


def test_what_was_shown_in_the_time_of_the_test_part_is_counted(shop: Shop) -> None:
    found = evaluate_shop(shop, GlobalTime(test_share=0.3), k=3)
    everywhere, *by_surface = found.clicks
    assert (everywhere.slates, everywhere.places, everywhere.clicks) == (2, 6, 2)
    assert {one.of: one.ctr.value for one in by_surface} == pytest.approx({"surface cart": 0, "surface home": 2 / 3})
    said = markdown(found)
    assert f"### Clicks on what was shown from {iso(found.as_of)[:10]} on" in said
    assert "| everywhere (2 slates, 2 of 6 places) | .3333 [" in said
    assert "- CTR: of the places that were shown to people" in said
    report = orjson.loads((shop.reports / "evaluation.json").read_bytes())
    assert report["clicks"][0]["ctr"]["value"] == pytest.approx(1 / 3)


def test_a_protocol_without_before_and_after_counts_all_of_it_and_validation_none(shop: Shop) -> None:
    assert evaluate_shop(shop, LastN(2), k=3).clicks[0].slates == 3
    assert evaluate_shop(shop, GlobalTime(), k=3, on_validation=True).clicks == ()


def test_the_terminal_shows_them_below_the_models(shop: Shop) -> None:
    console = Console(width=120, record=True, file=StringIO())
    for part in tables(evaluate_shop(shop, GlobalTime(test_share=0.3), k=3)):
        console.print(part)
    text = console.export_text()
    assert "Clicks on what was shown from " in text
    assert "surface home (1 slates, 2 of 3 places)" in text
    assert "CTR: of the places that were shown to people" in text
