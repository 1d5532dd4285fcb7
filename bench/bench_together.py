"""What learning which items go together takes: wall seconds and memory for 10 million events of a million people.

A tenth of the catalogue makes most of the events, so popular items go together with nearly all others. The peak is of a
process of its own, above what it held with the events alone.

Run: python bench/bench_together.py [EVENTS] [ITEMS] [NEIGHBORS]
"""

import sys
import time

import harness
import numpy as np

from slatewright.features.happenings import Happened
from slatewright.features.layout import EVERY_KIND, Acts
from slatewright.features.plan import Basket
from slatewright.features.together import learn_pairs

MINUTE = 60_000_000
BAR_BYTES_PER_EVENT = 150


def main(events: int = 10_000_000, items: int = 100_000, neighbors: int = 50) -> None:
    learned(events=20_000, items=1000, neighbors=neighbors)  # what is compiled is not counted below
    found = harness.measured(learned, events=events, items=items, neighbors=neighbors)
    peak = found.peak - found.result["before"]
    harness.record(
        "together",
        {
            "what": f"{neighbors} partners of {items:,} items from {events:,} events",
            "seconds": round(found.result["seconds"], 1),
            "pairs": found.result["pairs"],
            "events_mb": round(found.result["before"] / 1e6),
            "peak_mb_above": round(peak / 1e6),
            "bytes_per_event": round(peak / events),
            "bar_bytes_per_event": BAR_BYTES_PER_EVENT,
            "holds": peak / events <= BAR_BYTES_PER_EVENT,
        },
    )


def learned(events: int, items: int, neighbors: int) -> dict[str, float]:
    """Learn once; what was resident before, seconds and pairs."""
    happened = shop(events, items)
    before, begun = harness.peak_bytes(), time.perf_counter()
    pairs = learn_pairs(happened, Basket(None, 720.0, neighbors), EVERY_KIND, items)
    return {"before": before, "seconds": time.perf_counter() - begun, "pairs": len(pairs.items)}


def shop(events: int, items: int) -> Happened:
    """Ten events of each person in baskets of about five, items by a steep popularity, in the order of time."""
    rng = np.random.default_rng(0)
    item = (items * rng.random(events, dtype=np.float32) ** 3).astype(np.int32)
    users = (np.arange(events) // 5 % (events // 10)).astype(np.int32)
    times = np.arange(events, dtype=np.int64) // 5 * MINUTE // 100 + np.arange(events) % 5
    return Happened(Acts(item, np.zeros(events, np.int8), times, np.ones(events, np.float32)), users)


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
