"""Every set and every rule by looking at all of them: what the quick way is held against."""

from collections.abc import Sequence
from itertools import combinations

Counts = dict[frozenset[int], int]
Rules = dict[tuple[frozenset[int], frozenset[int]], tuple[int, float]]


def sets_by_hand(baskets: Sequence[set[int]], least: int, longest: int = 99) -> Counts:
    """Baskets that hold each set of items, of those that at least ``least`` hold."""
    counts: Counts = {}
    for basket in baskets:
        for size in range(1, min(len(basket), longest) + 1):
            for some in combinations(sorted(basket), size):
                counts[frozenset(some)] = counts.get(frozenset(some), 0) + 1
    return {items: count for items, count in counts.items() if count >= least}


def rules_by_hand(counts: Counts, min_confidence: float, most_consequents: int) -> Rules:
    """Baskets and confidence of each rule, by its two sides."""
    rules: Rules = {}
    for items, count in counts.items():
        for size in range(1, min(most_consequents, len(items) - 1) + 1):
            for some in combinations(sorted(items), size):
                right = frozenset(some)
                if count >= min_confidence * counts[items - right]:
                    rules[items - right, right] = count, count / counts[items - right]
    return rules
