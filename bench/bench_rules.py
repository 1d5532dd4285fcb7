"""Association rules beside mlxtend, efficient-apriori and pyFIM (C) in the same run: from lists to rules, equal output.

    python -m venv peers && peers/bin/pip install mlxtend efficient-apriori pyfim
    .venv/bin/python bench/bench_rules.py --peer-python peers/bin/python [--data ../shared/data] [--turns 5]

The bar: at least 10 times faster than mlxtend's fpgrowth with association_rules, and than efficient-apriori, on the
baskets of Groceries at support .001 and on those of Online Retail; pyFIM is what we aim for. Sides take turns, and
each figure is the median. mlxtend and efficient-apriori give rules with any number of items on the right, pyFIM with
one; each is compared with the same from us. The time is that from lists of numbers to rules. Reading what a
library returns is not counted for any side; peers have importing behind them, we have compiling behind us.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from harness import record
from rules_peers import Rule, digest

from slatewright.data.idmap import IdMap
from slatewright.models.rules.baskets import baskets_of_lists
from slatewright.models.rules.deriving import rules_of
from slatewright.models.rules.mining import frequent_sets
from slatewright.models.rules.rule_table import RuleTable

CASES = (
    ("groceries", 0.001, 0.5, ("mlxtend", "efficient_apriori", "pyfim_eclat", "pyfim_fpgrowth")),
    ("online_retail", 0.01, 0.3, ("mlxtend", "efficient_apriori", "pyfim_eclat", "pyfim_fpgrowth")),
    ("online_retail", 0.005, 0.3, ("mlxtend", "efficient_apriori", "pyfim_eclat", "pyfim_fpgrowth")),
    ("online_retail", 0.002, 0.3, ("pyfim_eclat", "pyfim_fpgrowth")),
)
BAR = 10.0
ANY = 99  # items on the right
SLOW = 10.0  # seconds: a peer that took longer is asked once


def lists_of(name: str, data: Path) -> list[list[int]]:
    """The baskets: of Groceries as they are; of Online Retail the invoices, without cancellations and returns."""
    if name == "groceries":
        groceries: list[list[int]] = pl.read_parquet(data / name / "baskets.parquet")["items"].to_list()
        return groceries
    years = [pl.read_parquet(data / name / f"year_{one}.parquet") for one in ("2009_2010", "2010_2011")]
    first = years[0].filter(pl.col("invoice_time") < pl.datetime(2010, 12, 1))  # the second file repeats December
    rows = pl.concat([first, years[1]]).filter(~pl.col("invoice").str.starts_with("C"), pl.col("quantity") > 0)
    codes = IdMap.of(rows["stock_code"]).positions(rows["stock_code"])
    orders = rows.with_columns(item=pl.Series(codes)).group_by("invoice", maintain_order=True)
    found: list[list[int]] = orders.agg(pl.col("item").unique(maintain_order=True))["item"].to_list()
    return found


def ours(lists: list[list[int]], support: float, confidence: float, consequents: int) -> dict[str, Any]:
    """Seconds of each step, as ``rules_peers`` gives them, and the table itself."""
    start = time.perf_counter()
    baskets, names = baskets_of_lists(lists)
    prepared = time.perf_counter()
    sets = frequent_sets(baskets, support)
    mined = time.perf_counter()
    rules = rules_of(sets, confidence, most_consequents=consequents)
    end = time.perf_counter()
    return {
        "seconds": end - start, "prepared": prepared - start, "mined": mined - prepared, "derived": end - mined,
        "sets": len(sets), "rules": len(rules), "table": (rules, names),
    }  # fmt: skip


def plain(table: RuleTable, names: IdMap) -> list[Rule]:
    """The rules as the peers give them."""
    numbers = np.array([int(name) for name in names])
    sides = []
    for offsets, items in (table.antecedents(), table.consequents()):
        flat = numbers[items]
        sides.append([flat[a:b].tolist() for a, b in pairwise(offsets)])
    return list(zip(*sides, table.sets.counts[table.whole].tolist(), strict=True))


def peer(python: str, library: str, path: Path, support: float, confidence: float) -> dict[str, Any]:
    command = [
        python,
        str(Path(__file__).with_name("rules_peers.py")),
        library,
        str(path),
        str(support),
        str(confidence),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def compare(
    lists: list[list[int]], path: Path, case: tuple[str, float, float, tuple[str, ...]], python: str | None, turns: int
) -> dict[str, Any]:
    """All sides in turns; medians."""
    name, support, confidence, libraries = case
    widths = {library: 1 if library.startswith("pyfim") else ANY for library in libraries}
    runs: dict[str, list[dict[str, Any]]] = {}
    for width in {1, *widths.values()}:
        ours(lists, support, confidence, width)  # compiled, and the memory is there
    for turn in range(turns):
        for width in {1, *widths.values()}:
            runs.setdefault(f"ours_{width}", []).append(ours(lists, support, confidence, width))
        for library in libraries if python else ():
            before = runs.setdefault(library, [])
            if turn == 0 or before[0]["seconds"] < SLOW:
                before.append(peer(python or "", library, path, support, confidence))
    mine = runs["ours_1"]
    entry = {
        "data": name, "baskets": len(lists), "support": support, "confidence": confidence, "sets": mine[0]["sets"],
        "rules": mine[0]["rules"], **{part: middle(mine, part) for part in ("seconds", "prepared", "mined", "derived")},
        "peers": {one: beside(runs[one], runs[f"ours_{widths[one]}"], one) for one in libraries if one in runs},
    }  # fmt: skip
    print(json.dumps(entry, indent=1), flush=True)
    return entry


def middle(runs: list[dict[str, Any]], part: str = "seconds") -> float:
    return round(float(statistics.median(run[part] for run in runs)), 5)


def beside(theirs: list[dict[str, Any]], mine: list[dict[str, Any]], library: str) -> dict[str, Any]:
    """One peer's figures, the ratio to ours, and whether both found the same rules."""
    same = theirs[0]["digest"] == digest(plain(*mine[0]["table"]))
    without = statistics.median(run["seconds"] - run["prepared"] for run in theirs)
    without_mine = statistics.median(run["seconds"] - run["prepared"] for run in mine)
    return {
        "seconds": middle(theirs), "ours": middle(mine), "ratio": round(middle(theirs) / middle(mine), 1),
        "ratio_without_preparation": round(without / without_mine, 1), "rules": theirs[0]["rules"],
        "same_rules": same, "runs": len(theirs), **({} if library.startswith("pyfim") else {"bar": BAR}),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--peer-python", default=os.environ.get("SLATEWRIGHT_PEERS"))
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    entries = []
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            lists = lists_of(case[0], arguments.data)
            path = Path(folder) / "baskets.json"
            path.write_text(json.dumps(lists))
            entries.append(compare(lists, path, case, arguments.peer_python, arguments.turns))
    record("rules", {"cases": entries})


if __name__ == "__main__":
    main()
