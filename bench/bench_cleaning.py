"""All cleaning steps on three million rows: clean ones, dirty ones, few very active users.

Bar: 3 M clean rows/s on two cores, so that cleaning is a small part of an import (1 M events/s end to end). Beside it,
in the same run, what Polars takes for the exact duplicates alone (``unique`` on the same columns).
Run: python bench/bench_cleaning.py [ROWS]
"""

import sys
from typing import Any

import harness
import numpy as np
import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.clock import instant
from slatewright.data.cleaning import Cleaning, clean

BAR = 3_000_000
KINDS = ("view", "cart", "purchase")


def make(rows: int, users: int, dirt: float) -> Frame:
    """Events of a year in order of time; ``dirt`` is the share of rows sent twice, and of ids in another case."""
    rng = np.random.default_rng(0)
    fresh = int(rows * (1 - dirt))
    kind = pl.Series(rng.choice(len(KINDS), fresh, p=(0.8, 0.12, 0.08)))
    events = pl.DataFrame(
        {
            "user_id": "user-" + pl.Series(rng.integers(0, users, fresh)).cast(pl.String),
            "item_id": "sku-" + pl.Series(rng.zipf(1.2, fresh) % 50_000).cast(pl.String),
            "kind": kind.replace_strict(range(len(KINDS)), KINDS, return_dtype=pl.String),
            "value": np.ones(fresh, dtype=np.float32),
            "time": instant("2023-01-01") + rng.integers(0, 365 * 86_400_000_000, fresh),
            "quantity": np.where(rng.random(fresh) < dirt, -1.0, 1.0),
        }
    )
    again = events.sample(rows - fresh, with_replacement=True, seed=0)
    other_case = pl.when(pl.col("time") % 1_000 < 1_000 * dirt).then(pl.col("item_id").str.to_uppercase())
    events = pl.concat([events, again]).with_columns(other_case.otherwise("item_id").alias("item_id"))
    return events.sort("time").with_columns(pl.col("time").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))


def measure(rows: int, users: int, dirt: float) -> dict[str, Any]:
    """Rows a second, and how the rows ended."""
    events = make(rows, users, dirt)
    timing = harness.timed(lambda: clean(events, Cleaning(), now=instant("2024-06-01")), warmups=1)
    peer = harness.timed(lambda: events.unique(keep="first", maintain_order=True))
    cleaned = timing.result
    return {
        "rows_per_s": round(rows / timing.median),
        "seconds": round(timing.median, 3),
        "polars_unique_s": round(peer.median, 3),
        "kept": cleaned.kept.height,
        "merged": cleaned.merged,
        "quarantined": cleaned.quarantined.height,
    }


def main(rows: int) -> None:
    clean_rows = measure(rows, users=200_000, dirt=0.0)
    entry = {
        "rows": rows,
        "bar_rows_per_s": BAR,
        "clean": clean_rows,
        "clean, 2,000 users": measure(rows, users=2_000, dirt=0.0),
        "2 % dirt": measure(rows, users=200_000, dirt=0.02),
        "met": clean_rows["rows_per_s"] >= BAR,
    }
    harness.record("cleaning", entry)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000)
