"""Events for the tests of this room."""

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.events.records import Interaction

NOON = 15_000 * MICROSECONDS_PER_DAY + MICROSECONDS_PER_DAY // 2  # 2011-01-26, noon
STRANGE_IDS = ("with space", " outer ", "😀 emoji", "007", "x" * 10_000, "tab\tnew\nline", "a/b=c%20", "\0null", "null")


def interaction(name: str, time: int = NOON) -> Interaction:
    return Interaction(event_id=name, user_id="u", item_id="i", kind="view", time=time)


def interactions(*names: str, time: int = NOON) -> Frame:
    """One event a second from ``time`` on."""
    rows = {"event_id": names, "user_id": ["u"] * len(names), "item_id": ["i"] * len(names)}
    times = [time + 1_000_000 * at for at in range(len(names))]
    return pl.DataFrame(
        {**rows, "kind": ["view"] * len(names), "time": times}, schema_overrides={"event_id": pl.String}
    )
