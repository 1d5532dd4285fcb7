"""Some of many rules: those that speak of certain items."""

from collections.abc import Sequence

import numpy as np

from slatewright.core.arrays import Index, Mask, Offsets
from slatewright.models.rules.rule_table import RuleTable


def with_items(
    rules: RuleTable, anywhere: Sequence[int] = (), left: Sequence[int] = (), right: Sequence[int] = ()
) -> RuleTable:
    """The rules that hold all of the given items: on either side, on the left, on the right; in the same order."""
    sides = rules.antecedents(), rules.consequents()
    kept = np.ones(len(rules), dtype=np.bool_)
    for item in anywhere:
        kept &= _has(*sides[0], item) | _has(*sides[1], item)
    for item in left:
        kept &= _has(*sides[0], item)
    for item in right:
        kept &= _has(*sides[1], item)
    return rules.take(np.flatnonzero(kept))


def _has(offsets: Offsets, items: Index, item: int) -> Mask:
    """Which rules have the item on this side, bool (n,)."""
    hits = np.concatenate([[0], np.cumsum(items == item)])
    found: Mask = hits[offsets[1:]] > hits[offsets[:-1]]
    return found
