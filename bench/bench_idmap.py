"""An id map of ten million ids: memory of the whole process, and time.

Bar: below 1 GB resident at the peak, the ids themselves and the interpreter included.
Run: python bench/bench_idmap.py [IDS]
"""

import sys
import time

import harness
import numpy as np
import polars as pl

BAR_GB = 1.0


def build(ids: int) -> dict[str, float]:
    """Make the ids (what a reader would hand over), map them, and find a tenth of them again."""
    from slatewright.data.idmap import IdMap

    numbers = pl.Series(np.random.default_rng(0).permutation(ids))
    names = "customer-" + numbers.cast(pl.String).str.zfill(8)
    del numbers
    handed = harness.resident_bytes()
    start = time.perf_counter()
    mapped = IdMap.of(names)
    built = time.perf_counter()
    found = mapped.positions(names.head(ids // 10))
    done = time.perf_counter()
    assert len(mapped) == ids
    assert mapped.names.gather(found).equals(names.head(ids // 10))
    return {"handed_over": handed, "build_s": built - start, "find_tenth_s": done - built}


def main(ids: int = 10_000_000) -> None:
    measured = harness.measured(build, ids=ids)
    peak = measured.peak / 1e9
    harness.record(
        "idmap",
        {
            "what": f"IdMap.of {ids:,} distinct ids of 17 characters, then positions of a tenth",
            "peak_gb": round(peak, 3),
            "bar_gb": BAR_GB,
            "holds": peak < BAR_GB,
            "ids_handed_over_gb": round(measured.result["handed_over"] / 1e9, 3),
            "build_s": round(measured.result["build_s"], 2),
            "find_tenth_s": round(measured.result["find_tenth_s"], 2),
        },
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
