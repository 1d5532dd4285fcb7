"""From frequent sets to rules: each set split into what is there and what comes with it."""

from typing import Any

import numpy as np

from slatewright.core.arrays import Array, Offsets
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel
from slatewright.models.rules.mining import LONGEST, MOST_SETS, ItemSets
from slatewright.models.rules.rule_table import RuleTable
from slatewright.models.rules.subsets import find, hash_table, number_of

MOST_SPLITS = 1_000_000_000  # ways to split sets that are looked at: some minutes


def rules_of(sets: ItemSets, min_confidence: float, *, most_consequents: int = 1) -> RuleTable:
    """Every rule of the sets that holds at least in the share ``min_confidence`` of the baskets with its antecedent.

    ``most_consequents``: items on the right-hand side at most.

    Raises:
        BadInput: there are too many ways to split the sets, or too many rules.
    """
    splits = _splits(sets, most_consequents)
    if splits[-1] > MOST_SPLITS:
        raise BadInput(f"the sets can be split into {splits[-1]:,.0f} rules; raise min_support or lower max_length")
    work = splits.astype(np.int64)
    book = (sets.offsets, sets.items, sets.counts, *hash_table(sets.offsets, sets.items))

    def split(begin: int, end: int) -> Offsets:
        found = np.empty((3, work[end] - work[begin]), dtype=np.int64)
        n = _split(begin, end, *book, float(min_confidence), most_consequents, found)
        return found[:, :n].copy()

    rules = np.concatenate(in_chunks(split, chunks_of(work)), axis=1)
    if rules.shape[1] > MOST_SETS:
        raise BadInput(f"{rules.shape[1]:,} rules are too many; raise min_confidence (now {min_confidence:g})")
    return RuleTable(sets, rules[0], rules[1], rules[2])


def _splits(sets: ItemSets, most_consequents: int) -> Array:
    """How many splits all sets before each have, float64 (n + 1,)."""
    lengths = sets.lengths().astype(np.float64)
    total, ways = np.zeros(len(sets)), np.ones(len(sets))
    for size in range(1, min(most_consequents, LONGEST) + 1):
        ways = ways * np.maximum(lengths - size + 1, 0) / size  # ways to choose so many of the items
        total += np.where(lengths > size, ways, 0)
    return np.concatenate([[0], np.cumsum(total)])


@kernel()
def _split(
    begin: Any, end: Any, offsets: Any, items: Any, counts: Any, table: Any, hashes: Any, confidence: Any, widest: int,
    found: Any,
) -> Any:  # fmt: skip
    """Set, antecedent and consequent of each rule of some sets into ``found`` (3, splits); gives how many there are."""
    chosen, n = np.empty(LONGEST + 1, np.int64), 0  # which members are on the right, rising
    some, others = np.empty(LONGEST, np.int32), np.empty(LONGEST, np.int32)
    for one in range(begin, end):
        members = items[offsets[one] : offsets[one + 1]]
        length, size = len(members), 0
        while length > 1:
            # Go through the choices in lexical order: let the choice grow by one, or move its last member on.
            if size < min(widest, length - 1) and (size == 0 or chosen[size - 1] + 1 < length):
                chosen[size] = 0 if size == 0 else chosen[size - 1] + 1
                size += 1
            else:
                while size > 0 and chosen[size - 1] == length - 1:
                    size -= 1
                if size == 0:
                    break
                chosen[size - 1] += 1
            hash_right = _parted(members, chosen, size, some, others)
            left = find(some, length - size, hashes[one] - hash_right, table, offsets, items, hashes)
            if counts[one] >= confidence * counts[left]:
                right = find(others, size, hash_right, table, offsets, items, hashes)
                found[0, n], found[1, n], found[2, n] = one, left, right
                n += 1
    return n


@kernel()
def _parted(members: Any, chosen: Any, size: int, some: Any, others: Any) -> Any:
    """Members that are not chosen into ``some``, the chosen into ``others``; gives the hash of the chosen."""
    total, taken = np.uint64(0), 0
    for at in range(len(members)):
        if taken < size and chosen[taken] == at:
            others[taken] = members[at]
            total += number_of(members[at])
            taken += 1
        else:
            some[at - taken] = members[at]
    return total
