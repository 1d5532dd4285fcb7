"""What is counted of a data set before anything is fitted: pairs, visits, words. Whole arrays and columns at a time."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Offsets
from slatewright.core.clock import MICROSECONDS_PER_SECOND
from slatewright.data.encoding.free_text import is_address, is_text
from slatewright.data.histories import Histories
from slatewright.models.content.tokens import WORD, pieces
from slatewright.models.repeats.occasions import bought_in

BLOCK_EVENTS = 1 << 22
VISIT_MINUTES = 30.0  # a longer pause ends a visit, as usual in association rules


def pairs_in_blocks(histories: Histories, n_items: int) -> Iterator[tuple[Offsets, Offsets]]:
    """Distinct items per user, and the items of all pairs, of some users at a time: memory stays bounded."""
    begin = 0
    while begin < len(histories):
        limit = histories.offsets[begin] + BLOCK_EVENTS
        end = max(begin + 1, int(np.searchsorted(histories.offsets, limit, side="right")) - 1)
        owners = np.repeat(np.arange(end - begin), np.diff(histories.offsets[begin : end + 1]))
        span = slice(histories.offsets[begin], histories.offsets[end])
        users, items = np.divmod(np.unique(owners * n_items + histories.items[span]), n_items)
        yield np.bincount(users, minlength=end - begin), items
        begin = end


def visits(histories: Histories) -> tuple[int, float]:
    """Visits of all users, a pause of more than half an hour between two of them, and the sum of (events of each)²."""
    if not len(histories.items):
        return 0, 0.0
    starts = np.diff(histories.times, prepend=0) > VISIT_MINUTES * 60 * MICROSECONDS_PER_SECOND
    starts[histories.offsets[:-1][histories.lengths() > 0]] = True
    lengths = np.diff(np.append(np.flatnonzero(starts), len(starts)))
    return len(lengths), float(np.square(lengths, dtype=np.float64).sum())


def purchases(histories: Histories) -> int:
    """Events that count as buying; all of some weight where no purchase is told of."""
    return int(np.count_nonzero(bought_in(histories)))


def words(facts: Frame) -> tuple[int, int, int]:
    """Words of all facts that are read as text, their letters, and how many words and pieces of words are different."""
    n_words, n_letters, n_features = 0, 0, 0
    for fact in facts.select(pl.col(pl.String)).iter_columns():
        if is_text(fact) and not is_address(fact):
            found = fact.str.to_lowercase().str.extract_all(WORD).explode().drop_nulls()
            n_words += len(found)
            n_letters += int(found.str.len_chars().sum())
            different = found.unique()
            n_features += len(different) + pieces(different)["token"].n_unique()
    return n_words, n_letters, n_features


def items_by_events(items: Index, n_items: int) -> tuple[int, ...]:
    """How many items have 1 event, 2 or 3, 4 to 7, and so on."""
    counts = np.bincount(items, minlength=n_items)
    return tuple(np.bincount(np.frexp(counts[counts > 0])[1] - 1).tolist())
