"""From scores to lists: blockwise scoring, what may not be listed left out, the k best kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Offsets, Scores
from slatewright.core.errors import BadKnob
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.models.topk import LOWEST, top_k

BLOCK_SCORES = 1 << 24  # scores held at once: 64 MB


class Scorer(Protocol):
    """Anything with the ``score`` of a model."""

    def score(self, histories: Histories, items: Index | None = None) -> Scores: ...


@dataclass(frozen=True, slots=True)
class ItemLists:
    """The k best items of n histories, best first.

    ``items`` int32 (n, k); ``scores`` float32 (n, k); ``counts`` int64 (n,): row u holds ``counts[u]`` items, what lies
    beyond means nothing.
    """

    items: Index
    scores: Scores
    counts: Offsets


def check_k(k: int) -> int:
    """The length of a list, at least 1.

    Raises:
        BadKnob: it is not a whole number or below 1.
    """
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise BadKnob(f"k must be a whole number >= 1, got {k!r}")
    return int(k)


def best_items(
    model: Scorer,
    histories: Histories,
    k: int,
    *,
    n_items: int,
    filter_seen: bool = True,
    candidates: Index | None = None,
    exclude: Index | None = None,
) -> ItemLists:
    """The k best items for each history; only ``candidates`` (default: all), none of ``exclude``."""
    k = check_k(k)
    chosen = None if candidates is None else np.unique(candidates).astype(np.int32)
    width = n_items if chosen is None else len(chosen)
    columns = _columns(chosen, n_items)
    lists = []
    for start, stop in _blocks(len(histories), max(1, width)):
        block = histories.take(np.arange(start, stop, dtype=np.int32))
        scores = model.score(block, chosen)
        if filter_seen:
            _blank(scores, np.repeat(np.arange(len(block)), block.lengths()), columns[block.items])
        if exclude is not None:
            dropped = columns[exclude]
            scores[:, dropped[dropped < width]] = LOWEST
        lists.append(top_k(scores, k))
    return _joined(lists, chosen, min(k, width))


def _columns(chosen: Index | None, n_items: int) -> Index:
    """The column of each item, int32 (n_items,); one past the last column where it has none."""
    if chosen is None:
        return np.arange(n_items, dtype=np.int32)
    columns = np.full(n_items, len(chosen), dtype=np.int32)
    columns[chosen] = np.arange(len(chosen), dtype=np.int32)
    return columns


def _blocks(n: int, width: int) -> Iterator[tuple[int, int]]:
    rows = max(1, BLOCK_SCORES // width)
    for start in range(0, n, rows):
        yield start, min(n, start + rows)


def _blank(scores: Scores, rows: Offsets, columns: Index) -> None:
    inside = columns < scores.shape[1]
    scores[rows[inside], columns[inside]] = LOWEST


def _joined(lists: Sequence[tuple[Index, Scores, Offsets]], chosen: Index | None, width: int) -> ItemLists:
    if not lists:
        return ItemLists(np.empty((0, width), np.int32), np.empty((0, width), np.float32), np.empty(0, np.int64))
    positions, scores, counts = (np.concatenate(part) for part in zip(*lists, strict=True))
    return ItemLists(positions if chosen is None else chosen[positions], scores, counts)


def listed(lists: ItemLists, users: Sequence[str], items: IdMap) -> Frame:
    """The lists as a frame: ``user_id, item_id, score, rank`` (rank from 1), users in the order given."""
    n, width = lists.items.shape
    filled = np.arange(width) < lists.counts[:, None]
    row, rank = np.nonzero(filled)
    return pl.DataFrame(
        {
            "user_id": pl.Series(users, dtype=pl.String).gather(row) if n else pl.Series([], dtype=pl.String),
            "item_id": items.names_of(lists.items[filled]),
            "score": lists.scores[filled],
            "rank": (rank + 1).astype(np.int32),
        }
    )


def histories_of(users: Sequence[str], known: IdMap, histories: Histories) -> Histories:
    """The histories of users by name; an unknown user has an empty one."""
    index, found = known.locate(users)
    return histories.take(index).spread(found)
