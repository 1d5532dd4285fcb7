"""Items by the value of a fact: the same brand, the same shelf."""

import difflib
from collections.abc import Callable

import numpy as np

from slatewright.core.arrays import Index, Offsets
from slatewright.core.errors import NotThere
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.fact_columns import Lists
from slatewright.pipeline.world import World

CATEGORY = "category"  # the shelves, whatever the fact is called that they come from


def groups_of(world: World, fact: str, asked_by: str) -> Callable[[Query, Index], Index]:
    """What gives items (n,) their values of a fact as small numbers, int32 (n, w), -1 where there is none.

    An item may have several values; w is the most that one of them has. Facts that were told since training count.

    Raises:
        NotThere: there is no such fact.
    """
    facts = world.item_facts
    if fact == CATEGORY and facts.shelved is None:
        return lambda query, items: np.full((len(items), 1), -1, dtype=np.int32)
    fact = facts.shelved if fact == CATEGORY and facts.shelved is not None else fact
    if fact not in facts.types:
        alike = difflib.get_close_matches(fact, facts.types, n=1)
        hint = f"; did you mean {alike[0]!r}?" if alike else ""
        raise NotThere(f"{asked_by} asks for the fact {fact!r}; items have {', '.join(sorted(facts.types))}{hint}")
    if facts.types[fact] in ("text", "texts"):
        return lambda query, items: _gathered(facts.lists(fact), items)

    def codes(query: Query, items: Index) -> Index:
        values, missing = facts.column(fact)[items], facts.missing(fact)[items]
        numbers = np.unique(values, return_inverse=True)[1]
        return np.where(missing, -1, numbers).astype(np.int32)[:, None]

    return codes


def _gathered(lists: Lists, items: Index) -> Index:
    """The values of some items side by side, renumbered from 0."""
    starts = lists.offsets[items]
    sizes: Offsets = lists.offsets[items + 1] - starts
    width = max(1, int(sizes.max(initial=0)))
    there = np.arange(width) < sizes[:, None]  # (n, w)
    codes = np.full(there.shape, -1, dtype=np.int32)
    owned = lists.codes[(starts[:, None] + np.arange(width))[there]]
    codes[there] = np.unique(owned, return_inverse=True)[1]
    return codes
