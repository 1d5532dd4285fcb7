"""A small random shop with facts, and what its requests saw: what tests of features read and replay."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Offsets
from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.core.clock import instant
from slatewright.data.catalogue import Catalogue
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.data.showings import Showings
from slatewright.features import (
    Activity,
    Count,
    DayOfWeek,
    Fact,
    FeatureSet,
    HistoryCount,
    HistoryRecency,
    HistoryShare,
    HourOfDay,
    Ignored,
    Mean,
    Moment,
    Moments,
    Newness,
    Price,
    PriceAgainstHabit,
    Rate,
    Recency,
    RequestFact,
    SessionCount,
    Surface,
    Together,
    Trend,
    UserFact,
)

START = instant("2024-01-01")
N_ITEMS, N_USERS = 12, 6
KINDS = ("view", "purchase", "impression", "return", "wave")
ITEMS = [f"i{at:02d}" for at in range(N_ITEMS)]
EVERYTHING = FeatureSet(
    (
        Count("purchase", 3),
        Count(None, 7),
        Count(None),
        Count("view", 0.02, by="category"),
        Count("impression"),
        Rate("purchase", "view", 7, prior_weight=2),
        Rate("purchase", "impression", 7, by="brand", prior_weight=0),
        Mean("purchase", 30),
        Recency("view", 2),
        Recency(None, 5, by="brand"),
        Newness(10),
        Trend("view", 1, 10),
        HistoryCount("view"),
        HistoryCount(None, 3, by="brand"),
        HistoryShare(None, 5),
        HistoryRecency("purchase", 4, by="category"),
        HistoryRecency(),
        SessionCount(minutes=600),
        Activity("view", 3),
        Activity(None, session_minutes=600),
        PriceAgainstHabit("purchase"),
        HistoryCount("impression", 9),
        HistoryRecency("impression", 3),
        Activity("impression"),
        Ignored(5),
        Ignored(None, by="category"),
        Together(last=3, basket_minutes=2000, n_neighbors=4),
        Price(),
        Fact("stock"),
        UserFact("age"),
        RequestFact("device", "phone"),
        Surface("home"),
        HourOfDay(),
        DayOfWeek(),
    )
)


def catalogue() -> Catalogue:
    """Twelve items in three categories, of three brands or none, two without a price."""
    facts = pl.DataFrame(
        {
            "item_id": ITEMS,
            "category": [("tea", "coffee", "pans")[at % 3] for at in range(N_ITEMS)],
            "brand": [("Ara", None, "Bel", "Cor")[at % 4] for at in range(N_ITEMS)],
            "price": [None if at in (3, 8) else 2.0 + at for at in range(N_ITEMS)],
            "stock": [float(at % 5) for at in range(N_ITEMS)],
        }
    )
    nothing = pl.DataFrame(schema={"user_id": pl.String, "item_id": pl.String})
    return Catalogue.of(dataset_of(nothing, item_facts=facts))


def events(rows: Sequence[tuple[int, int, int, int, float]]) -> Frame:
    """Rows of user, item, kind, µs after the start, value."""
    return pl.DataFrame(
        {
            "user_id": [f"u{user}" for user, *_ in rows],
            "item_id": [ITEMS[item] for _, item, *_ in rows],
            "kind": [KINDS[kind] for _, _, kind, _, _ in rows],
            "time": [START + time for *_, time, _ in rows],
            "value": [value for *_, value in rows],
        },
        schema={"user_id": pl.String, "item_id": pl.String, "kind": pl.String, "time": pl.Int64, "value": pl.Float64},
    )


def random_rows(n: int, days: float, rng: int) -> list[tuple[int, int, int, int, float]]:
    """Events of a random shop, in no order."""
    draw = np.random.default_rng(rng)
    columns = (
        draw.integers(N_USERS, size=n),
        draw.integers(N_ITEMS, size=n),
        draw.integers(len(KINDS), size=n),
        draw.integers(round(days * DAY), size=n),
        draw.uniform(0.5, 3, size=n),
    )
    return [(int(u), int(i), int(k), int(t), float(v)) for u, i, k, t, v in zip(*columns, strict=True)]


def histories(frame: Frame) -> Histories:
    """What each user did, oldest first, returns left out, and what each was shown."""
    done = frame.filter(~pl.col("kind").is_in(["impression", "return"])).sort("time", "item_id", maintain_order=True)
    by_user = [done.filter(user_id=f"u{user}") for user in range(N_USERS)]
    joint = pl.concat(by_user)
    codes = joint["kind"].replace_strict(list(KINDS), list(range(len(KINDS))), return_dtype=pl.Int8)
    return Histories(
        np.cumsum([0, *(part.height for part in by_user)]).astype(np.int64),
        np.array([ITEMS.index(item) for item in joint["item_id"]], dtype=np.int32),
        np.ones(joint.height, dtype=np.float32),
        joint["time"].to_numpy(),
        kinds=codes.to_numpy(),
        kind_names=KINDS,
        facts=pl.DataFrame({"age": [None, *range(20, 20 + N_USERS - 1)]}),
        shown=showings(frame),
    )


def showings(frame: Frame) -> Showings:
    """What each user was shown."""
    shown = frame.filter(kind="impression")
    owners = np.array([int(user[1:]) for user in shown["user_id"]], dtype=np.int32)
    items = np.array([ITEMS.index(item) for item in shown["item_id"]], dtype=np.int32)
    return Showings.of(owners, items, shown["time"].to_numpy(), N_USERS)


def asked(frame: Frame, times: Sequence[int], rng: int = 0) -> tuple[Moments, Offsets, Index]:
    """Requests at some instants (µs after the start): who asks, from where, and for which items."""
    draw = np.random.default_rng(rng)
    offsets = np.concatenate([[0], np.cumsum(draw.integers(0, N_ITEMS, size=len(times)))]).astype(np.int64)
    items = [draw.permutation(N_ITEMS)[:n] for n in np.diff(offsets)]
    moments = Moments(
        np.array([START + time for time in times], dtype=np.int64),
        histories(frame),
        draw.integers(N_USERS, size=len(times)).astype(np.int32),
        [("home", "cart")[at % 2] for at in range(len(times))],
        [{"device": ("phone", "desk")[at // 2 % 2]} for at in range(len(times))],
    )
    return moments, offsets, np.concatenate(items or [np.empty(0, dtype=np.int64)]).astype(np.int32)


def moment(moments: Moments, at: int) -> Moment:
    """One of the requests as it was asked live: its history ends before it, and so does what was shown."""
    now = int(moments.times[at])
    history = moments.histories.one(int(moments.owners()[at]))
    if history.shown is not None:
        history = replace(history, shown=history.shown.until(np.array([now])))
    assert moments.surfaces is not None
    assert moments.facts is not None
    return Moment(now, history.only(history.times < now), moments.facts[at], moments.surfaces[at])
