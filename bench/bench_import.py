"""Import end to end: parse, check, clean, look for repeats, append to the log, every row accounted for.

Bars on two cores: 1 M events/s from Parquet, 0.4 M/s from CSV, and 20 M events with less than 2 GB resident. Each
figure is of a fresh process with compiled kernels on disk, as on any but the first run; a year of events, ids as text,
ISO times in the CSV. Interpreter start-up is not counted, memory is of the whole process.
Run: python bench/bench_import.py [EVENTS] [MANY]
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import harness
import numpy as np
import polars as pl

BARS = {"parquet": 1.0, "csv": 0.4}  # M events/s
BAR_GB = 2.0
ITEMS, DAYS, EVENTS_PER_USER = 50_000, 365, 40
KINDS, SHARES = ("view", "cart", "purchase"), (0.8, 0.13, 0.07)
START = 1_577_836_800_000_000
NOW = START + 3 * DAYS * 86_400_000_000


def write_events(path: Path, events: int) -> None:
    """A shop's year, some users and items far more active than others, in the format that the suffix names."""
    rng = np.random.default_rng(1)
    users = max(events // EVENTS_PER_USER, 1)
    activity = rng.lognormal(0, 1.2, users)
    kinds = pl.Series(rng.choice(len(KINDS), events, p=SHARES))
    seconds = (rng.random(events) * DAYS * 86_400).astype(np.int64)
    rows = pl.DataFrame(
        {
            "user_id": pl.Series(rng.choice(users, events, p=activity / activity.sum())).cast(pl.String),
            "item_id": "sku-" + pl.Series((ITEMS * rng.random(events) ** 3).astype(np.int64)).cast(pl.String),
            "event": kinds.replace_strict(range(len(KINDS)), KINDS, return_dtype=pl.String),
            "timestamp": pl.Series(START + seconds * 1_000_000).cast(pl.Datetime("us")),
        }
    ).with_columns("user-" + pl.col("user_id"))
    if path.suffix == ".csv":
        rows.write_csv(path, datetime_format="%Y-%m-%dT%H:%M:%SZ")
    else:
        rows.write_parquet(path)


def import_file(path: str, folder: str) -> dict[str, float]:
    """Import one file into a new log; a few rows first, so that kernels are loaded."""
    from slatewright.data.cleaning import Cleaning
    from slatewright.data.importer import import_events
    from slatewright.events.log import EventLog

    with tempfile.TemporaryDirectory(dir=folder) as place:
        few = Path(place) / "few.parquet"
        write_events(few, 1_000)
        for name, source in (("warm", str(few)), ("log", path)):
            log = EventLog(Path(place) / name)
            start, busy = time.perf_counter(), time.process_time()
            report = import_events(log, [source], Cleaning(), quarantine=Path(place), now=NOW)
            seconds, cpu = time.perf_counter() - start, time.process_time() - busy
    return {"seconds": seconds, "cpu_s": cpu, "read": report.read, "kept": report.kept}


def speed(path: Path, folder: str, repeats: int = 3) -> dict[str, float]:
    """Million events per second: the median of some runs; and processor seconds per million events."""
    runs = [harness.measured(import_file, path=str(path), folder=folder).result for _ in range(repeats)]
    return {
        "million_events_per_s": round(statistics.median(run["read"] / run["seconds"] for run in runs) / 1e6, 3),
        "cpu_s_per_million": round(statistics.median(run["cpu_s"] / run["read"] for run in runs) * 1e6, 3),
        "runs_s": [round(run["seconds"], 2) for run in runs],
    }


def main(events: int = 5_000_000, many: int = 20_000_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        result: dict[str, object] = {"events": events, "load_before": round(os.getloadavg()[0], 1)}
        for kind, bar in BARS.items():
            path = Path(folder) / f"events.{kind}"
            write_events(path, events)
            found = speed(path, folder)
            result[kind] = {**found, "bar": bar, "ratio": round(found["million_events_per_s"] / bar, 2)}
            path.unlink()
        path = Path(folder) / "many.parquet"
        write_events(path, many)
        ran = harness.measured(import_file, path=str(path), folder=folder)
        result["many"] = {
            "events": many,
            "peak_gb": round(ran.peak / 1e9, 2),
            "bar_gb": BAR_GB,
            "seconds": round(ran.result["seconds"], 1),
            "million_events_per_s": round(many / ran.result["seconds"] / 1e6, 3),
        }
        harness.record("import", result)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
