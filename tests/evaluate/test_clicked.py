"""Clicks on what was shown, joined by hand."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.evaluate.clicked import Clicked, clicks_on_slates
from slatewright.events.schema import conform
from slatewright.metrics.bootstrap import Bootstrap

Slate = tuple[str, str | None, list[str], str, str]
HOME, BASKET = "home", "basket"
SLATES: list[Slate] = [
    ("s1", "ann", ["tea", "pot", "cup"], HOME, "old"),
    ("s2", "ann", ["cup", "tea"], BASKET, "new"),
    ("s3", None, ["tea"], HOME, "new"),
]


def impressions(slates: list[Slate]) -> pl.LazyFrame:
    rows = [(f"e{at}", *slate, at) for at, slate in enumerate(slates)]
    names = ("event_id", "slate_id", "user_id", "item_ids", "surface", "variant", "time")
    columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return conform(pl.DataFrame(columns), "impressions").lazy()


def interactions(clicks: list[tuple[str | None, str]]) -> pl.LazyFrame:
    rows = [(f"c{at}", "ann", item, "view", 100 + at, slate) for at, (slate, item) in enumerate(clicks)]
    names = ("event_id", "user_id", "item_id", "kind", "time", "slate_id")
    columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return conform(pl.DataFrame(columns), "interactions").lazy()


def by_name(slates: list[Slate], clicks: list[tuple[str | None, str]], k: int = 10) -> dict[str, Clicked]:
    return {one.of: one for one in clicks_on_slates(impressions(slates), interactions(clicks), k=k)}


def test_a_click_counts_where_slate_and_item_are_named_and_once() -> None:
    clicks = [("s1", "pot"), ("s1", "pot"), ("s2", "pot"), (None, "tea"), ("s9", "tea"), ("s3", "tea")]
    found = by_name(SLATES, clicks)
    everywhere = found["everywhere"]
    assert (everywhere.slates, everywhere.places, everywhere.clicks) == (3, 6, 2)
    assert everywhere.ctr.value == pytest.approx(2 / 6)
    assert {name: one.ctr.value for name, one in found.items() if name != "everywhere"} == pytest.approx(
        {"surface home": 2 / 4, "surface basket": 0, "variant new": 1 / 3, "variant old": 1 / 3}
    )


def test_only_the_first_k_places_count() -> None:
    found = by_name(SLATES, [("s1", "cup"), ("s2", "cup")], k=1)["everywhere"]
    assert (found.places, found.clicks) == (3, 1)
    assert found.ctr.value == pytest.approx(1 / 3)


def test_a_slate_that_is_reported_twice_was_shown_once_and_one_surface_is_no_breakdown() -> None:
    found = by_name([SLATES[0], SLATES[0]], [("s1", "tea")])
    assert list(found) == ["everywhere"]
    assert (found["everywhere"].slates, found["everywhere"].places) == (1, 3)


def test_nothing_shown_and_empty_slates_say_nothing() -> None:
    assert by_name([], [("s1", "tea")]) == {}
    assert by_name([("s1", "ann", [], HOME, "")], [("s1", "tea")]) == {}


def test_slates_of_one_user_are_alike_so_intervals_are_over_users() -> None:
    rng = np.random.default_rng(0)
    keen = rng.random(200) < 0.5
    slates: list[Slate] = [(f"s{u}-{n}", f"u{u}", ["a"], HOME, "") for u in range(200) for n in range(10)]
    clicks: list[tuple[str | None, str]] = [(f"s{u}-{n}", "a") for u in range(200) for n in range(10) if keen[u]]
    (named,) = clicks_on_slates(impressions(slates), interactions(clicks), k=1, bootstrap=Bootstrap(resamples=400))
    strangers: list[Slate] = [(slate, None, *rest) for slate, _, *rest in slates]  # type: ignore[misc]
    (nameless,) = clicks_on_slates(
        impressions(strangers), interactions(clicks), k=1, bootstrap=Bootstrap(resamples=400)
    )
    assert named.ctr.value == nameless.ctr.value == pytest.approx(keen.mean())
    wide, narrow = (one.ctr.high - one.ctr.low for one in (named, nameless))
    assert wide / 3.92 == pytest.approx(np.sqrt(0.25 / 200), rel=0.15)
    assert wide / narrow == pytest.approx(np.sqrt(10), rel=0.15)


@given(st.lists(st.tuples(st.integers(0, 3), st.lists(st.sampled_from("abc"), min_size=1, unique=True)), min_size=1))
def test_the_rate_is_clicks_over_places_whatever_is_shown(shown: list[tuple[int, list[str]]]) -> None:
    slates: list[Slate] = [(f"s{at}", f"u{user}", items, HOME, "") for at, (user, items) in enumerate(shown)]
    (found,) = clicks_on_slates(
        impressions(slates), interactions([("s0", "a"), ("s1", "b")]), k=2, bootstrap=Bootstrap(resamples=20)
    )
    places = sum(min(2, len(items)) for _, items in shown)
    clicks = ("a" in shown[0][1][:2]) + (len(shown) > 1 and "b" in shown[1][1][:2])
    assert (found.places, found.clicks) == (places, clicks)
    assert found.ctr.value == pytest.approx(clicks / places)
