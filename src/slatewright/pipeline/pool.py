"""From what each source proposes to one pool of candidates."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Offsets
from slatewright.core.kernels import kernel
from slatewright.models.topk import best_first
from slatewright.pipeline.contracts import Candidates, Proposal

DAMPING = 60  # how much the first ranks stand out; the constant of the paper


def agreed(proposals: Sequence[Proposal]) -> Candidates:
    """The union, each item with the sum of 1 / (60 + rank) over the sources that propose it.

    Reciprocal rank fusion (Cormack, Clarke, Büttcher, SIGIR 2009) needs no common scale. ``source`` is the one that
    ranked the item best, of equals the first.
    """
    items, rank, source = _laid_out(proposals)
    # Item and place in one number: one sort of plain numbers brings the offers of an item together, by source.
    keys = (items.astype(np.int64) << 32) | np.arange(len(items))
    keys.sort()
    distinct, best = np.empty(len(items), dtype=np.int32), np.empty(len(items), dtype=np.int32)
    fused = np.empty(len(items), dtype=np.float32)
    ranks = np.zeros((len(proposals), len(items)), dtype=np.int32)
    n = _fuse(keys, rank, source, distinct, fused, best, ranks)
    return Candidates(distinct[:n], fused[:n], best[:n], ranks[:, :n])


def one_after_another(proposals: Sequence[Proposal]) -> Candidates:
    """The union, all items of the first source before those of the second; scored by 1 / place."""
    items, rank, source = _laid_out(proposals)
    _, first, place = np.unique(items, return_index=True, return_inverse=True)
    behind = np.empty(len(first), dtype=np.int64)  # where in the pool each distinct item comes to stand
    behind[np.argsort(first)] = np.arange(len(first))
    first.sort()
    scores = (1 / np.arange(1, len(first) + 1)).astype(np.float32)
    return Candidates(items[first], scores, source[first], _ranks(len(proposals), source, behind[place], rank))


def within(pool: Candidates, room: int, least: Sequence[int]) -> Offsets:
    """Positions of the ``room`` candidates to keep, in the order of the pool, int64 (room,).

    Source s has its ``least[s]`` best among them; the other places go to the highest scores.
    """
    order = best_first(pool.items, pool.scores)
    if any(least):
        first = np.zeros(len(pool.items), dtype=np.bool_)
        for ranks, wanted in zip(pool.ranks, least, strict=True):
            offered = np.flatnonzero(ranks)
            first[offered[np.argsort(ranks[offered])[:wanted]]] = True
        order = np.concatenate([order[first[order]], order[~first[order]]])
    return np.sort(order[:room])


def extended(pool: Candidates, items: Index, source: int) -> Candidates:
    """The pool and, behind it, more items, all from one source; their scores lie below those of the pool."""
    lowest = float(pool.scores.min()) if len(pool.scores) else 1.0
    scores = lowest / (1 + np.arange(1, len(items) + 1, dtype=np.float32))
    unranked = np.zeros((len(pool.ranks), len(items)), dtype=np.int32)
    return Candidates(
        np.concatenate([pool.items, items]),
        np.concatenate([pool.scores, scores]),
        np.concatenate([pool.source, np.full(len(items), source, dtype=np.int32)]),
        np.concatenate([pool.ranks, unranked], axis=1) if len(pool.ranks) else pool.ranks,
    )


@kernel()
def _fuse(keys: Any, rank: Any, source: Any, items: Any, scores: Any, best: Any, ranks: Any) -> Any:
    """Fill in items, scores, who ranked each best, and all ranks; gives how many distinct items there are."""
    n = 0
    total, least = 0.0, 0
    for at in range(len(keys)):
        item, place = np.int32(keys[at] >> 32), keys[at] & 0xFFFFFFFF
        if n == 0 or items[n - 1] != item:
            items[n], total, least = item, 0.0, rank[place]
            best[n] = source[place]
            n += 1
        elif rank[place] < least:
            least, best[n - 1] = rank[place], source[place]
        total += 1.0 / (DAMPING + rank[place])
        scores[n - 1] = total
        ranks[source[place], n - 1] = rank[place]
    return n


def _ranks(n_sources: int, source: Index, place: Offsets, rank: Index) -> Index:
    """The rank that each source gave each item of the pool, int32 (n_sources, n), 0 where it gave none."""
    ranks = np.zeros((n_sources, int(place.max(initial=-1)) + 1), dtype=np.int32)
    ranks[source, place] = rank
    return ranks


def _laid_out(proposals: Sequence[Proposal]) -> tuple[Index, Index, Index]:
    """All proposals end to end: item, rank from 1, source, each int32 (total,)."""
    lengths = [len(proposal.items) for proposal in proposals]
    if not lengths:
        nothing = np.empty(0, dtype=np.int32)
        return nothing, nothing, nothing
    items = np.concatenate([proposal.items for proposal in proposals])
    rank = np.concatenate([np.arange(1, length + 1, dtype=np.int32) for length in lengths])
    return items, rank, np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
