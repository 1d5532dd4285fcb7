"""From scores to lists: blockwise scoring, what may not be listed left out, the k best kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Offsets, Scores
from slatewright.core.errors import BadInput, BadKnob
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.models.tiles import top_products
from slatewright.models.topk import FEW_ROWS, LOWEST, top_k

BLOCK_SCORES = 1 << 24  # scores held at once
BLOCK_BYTES = 4 * BLOCK_SCORES  # their memory: 64 MB
FACTORED_ROW = 1 << 14  # bytes set aside for a history's vector and its part in the fold-in


class Scorer(Protocol):
    """Anything with the ``score`` of a model."""

    def score(self, histories: Histories, items: Index | None = None) -> Scores: ...


@runtime_checkable
class Factored(Protocol):
    """A scorer whose scores are a matrix product: they need never be held."""

    def factored(self, histories: Histories, items: Index | None = None) -> tuple[Scores, Scores]:
        """``rows`` float32 (n, d) and ``columns`` float32 (n_items, d); ``score`` is ``rows @ columns.T``."""


@runtime_checkable
class Vectored(Protocol):
    """A scorer whose scores are the inner products of a history's vector with those of the items."""

    @property
    def item_vectors(self) -> Scores:
        """Of all items, float32 (n_items, d)."""

    def user_factors(self, histories: Histories) -> Scores:
        """The vector of each history, float32 (n, d)."""


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items may be listed: ``candidates`` (default: all), none of ``exclude``, with ``filter_seen`` none of the
    history itself."""

    filter_seen: bool = True
    candidates: Index | None = None
    exclude: Index | None = None

    def chosen(self, n_items: int, drop: bool) -> Index | None:
        """The candidates in order, None: all; ``drop`` takes the excluded out of them."""
        chosen = None if self.candidates is None else np.unique(self.candidates).astype(np.int32)
        if self.exclude is None or not drop:
            return chosen
        return np.setdiff1d(np.arange(n_items, dtype=np.int32) if chosen is None else chosen, self.exclude)


WHATEVER_IS_NEW = Wanted()


def best_items(
    model: Scorer,
    histories: Histories,
    k: int,
    *,
    n_items: int,
    wanted: Wanted = WHATEVER_IS_NEW,
    block_bytes: int = BLOCK_BYTES,
) -> ItemLists:
    """The k best of the wanted items for each history; ``block_bytes`` bounds the memory of scores held at once.

    Raises:
        BadKnob: k is below 1.
    """
    k = check_k(k)
    product = isinstance(model, Factored) and len(histories) > FEW_ROWS
    chosen = wanted.chosen(n_items, drop=product)
    width = n_items if chosen is None else len(chosen)
    columns = _columns(chosen, n_items)
    rows = max(1, block_bytes // (FACTORED_ROW if product else 4 * max(1, width)))
    lists = []
    for start in range(0, len(histories), rows):
        block = histories.take(np.arange(start, min(start + rows, len(histories)), dtype=np.int32))
        hidden = (block.offsets, columns[block.items]) if wanted.filter_seen else None
        if product and isinstance(model, Factored):
            lists.append(top_products(*model.factored(block, chosen), k, hidden))
            continue
        scores = model.score(block, chosen)
        if wanted.exclude is not None:
            dropped = columns[wanted.exclude]
            scores[:, dropped[dropped < width]] = LOWEST
        lists.append(top_k(scores, k, hidden))
    return _joined(lists, chosen, min(k, width))


def _columns(chosen: Index | None, n_items: int) -> Index:
    """The column of each item, int32 (n_items,); one past the last column where it has none."""
    if chosen is None:
        return np.arange(n_items, dtype=np.int32)
    columns = np.full(n_items, len(chosen), dtype=np.int32)
    columns[chosen] = np.arange(len(chosen), dtype=np.int32)
    return columns


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
    """The histories of users by name; an unknown user has an empty one.

    Raises:
        BadInput: one name where a list of names belongs.
    """
    if isinstance(users, str):
        raise BadInput(f"users must be a list of user ids, got {users!r}; for one user: [{users!r}]")
    index, found = known.locate(users)
    return histories.take(index).spread(found)
