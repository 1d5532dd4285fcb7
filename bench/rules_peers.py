"""The other side of ``bench_rules.py``: runs in an environment of its own, where the peers are installed.

    python rules_peers.py LIBRARY BASKETS.json SUPPORT CONFIDENCE [--sets]

Prints one JSON object: seconds from lists to rules, of which to bring the lists into the library's form, how many
rules, and a digest of them all.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Lists = list[list[int]]
Rule = tuple[Iterable[int], Iterable[int], int]
Answer = tuple[float, int, Callable[[], list[Rule]]]  # seconds of preparation, how many rules, and the rules themselves


def mlxtend(lists: Lists, support: float, confidence: float) -> Answer:
    import pandas as pd  # type: ignore[import-untyped, import-not-found, unused-ignore]
    from mlxtend.frequent_patterns import association_rules, fpgrowth  # type: ignore[import-not-found, unused-ignore]
    from mlxtend.preprocessing import TransactionEncoder  # type: ignore[import-not-found, unused-ignore]

    start = time.perf_counter()
    encoder = TransactionEncoder()
    table = pd.DataFrame(encoder.fit(lists).transform(lists), columns=encoder.columns_)
    prepared = time.perf_counter() - start
    sets = fpgrowth(table, min_support=support, use_colnames=True)
    rules = association_rules(sets, metric="confidence", min_threshold=confidence)
    rows = rules[["antecedents", "consequents", "support"]]
    return prepared, len(rules), lambda: [(a, c, round(s * len(lists))) for a, c, s in rows.itertuples(index=False)]


def efficient_apriori(lists: Lists, support: float, confidence: float) -> Answer:
    from efficient_apriori import apriori  # type: ignore[import-not-found, unused-ignore]

    start = time.perf_counter()
    rows = [tuple(one) for one in lists]
    prepared = time.perf_counter() - start
    _, rules = apriori(rows, min_support=support, min_confidence=confidence, max_length=99)
    return prepared, len(rules), lambda: [(rule.lhs, rule.rhs, rule.count_full) for rule in rules]


def pyfim(lists: Lists, support: float, confidence: float, way: str = "eclat") -> Answer:
    import fim  # type: ignore[import-not-found, unused-ignore]

    find = getattr(fim, way)
    found = find(
        lists, target="r", supp=100 * support * (1 - 1e-9), conf=100 * confidence, report="a", zmin=2, mode="o"
    )
    return 0.0, len(found), lambda: [(left, [right], int(count)) for right, left, count in found]


def pyfim_fpgrowth(lists: Lists, support: float, confidence: float) -> Answer:
    return pyfim(lists, support, confidence, "fpgrowth")


PEERS = {
    "mlxtend": mlxtend,
    "efficient_apriori": efficient_apriori,
    "pyfim_eclat": pyfim,
    "pyfim_fpgrowth": pyfim_fpgrowth,
}


def digest(rules: Iterable[Rule]) -> str:
    """One number for a set of rules, whatever their order."""
    lines = sorted(f"{sorted(map(int, left))}>{sorted(map(int, right))}:{count}" for left, right, count in rules)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def main() -> None:
    library, path, support, confidence = sys.argv[1:5]
    lists = json.loads(Path(path).read_text())
    start = time.perf_counter()
    prepared, n, rules = PEERS[library](lists, float(support), float(confidence))
    seconds = time.perf_counter() - start
    answer: dict[str, Any] = {"seconds": seconds, "prepared": prepared, "rules": n, "digest": digest(rules())}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
