"""What fitting costs, told before it starts: bytes of memory, and work that a speed turns into seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np

from slatewright.data.dataset import Dataset
from slatewright.models.sizing import items_by_events, pairs_in_blocks, purchases, visits, words

FLOPS = "flops"  # multiplications and additions inside BLAS and LAPACK, float32, all threads
STEPS = "steps"  # inner steps of compiled loops over memory in order: one multiplication, one addition
GATHERS = "gathers"  # inner steps of compiled loops that read or write memory out of order
SORTED = "sorted"  # elements sorted, hashed or grouped by NumPy, SciPy or Polars
HISTORY_SKEW, AUDIENCE_SKEW = 4.0, 20.0  # mean square over square of the mean, as shops commonly have it
VISIT, TITLE, WORD = 5.0, 5.0, 6.0  # events of a visit, words of a title, letters of a word, where nobody counted
FEATURES = 3  # different words and pieces of words, per item

WORK_KINDS = (FLOPS, STEPS, GATHERS, SORTED)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a data set is, as far as the cost of models depends on it.

    ``n_pairs`` counts distinct pairs of user and item. ``squared_histories`` is the sum over users of (distinct
    items)², ``squared_audiences`` the sum over items of (distinct users)². ``n_ratings`` counts rated pairs.

    ``n_purchases`` counts events of buying. ``n_visits`` counts visits of users, ended by a pause of half an hour, and
    ``squared_visits`` is the sum of (events of each)². ``n_words`` and ``n_letters`` are those of the items' texts,
    ``n_features`` the different words and pieces of words in them. ``items_by_events`` counts the items that have 1
    event, 2 or 3, 4 to 7, and so on.
    """

    n_users: int
    n_items: int
    n_events: int
    n_pairs: int
    squared_histories: float
    squared_audiences: float
    n_ratings: int
    n_purchases: int = 0
    n_visits: int = 0
    squared_visits: float = 0.0
    n_words: int = 0
    n_letters: int = 0
    n_features: int = 0
    items_by_events: tuple[int, ...] = ()

    @classmethod
    def of(cls, dataset: Dataset) -> "Size":
        """Measure a data set: one pass over its events."""
        histories = dataset.histories()
        audiences = np.zeros(dataset.n_items, dtype=np.int64)
        n_pairs, squares = 0, 0.0
        for items_per_user, items in pairs_in_blocks(histories, dataset.n_items):
            audiences += np.bincount(items, minlength=dataset.n_items)
            n_pairs += len(items)
            squares += float(np.square(items_per_user, dtype=np.float64).sum())
        return cls(
            dataset.n_users,
            dataset.n_items,
            len(dataset.interactions),
            n_pairs,
            squares,
            float(np.square(audiences, dtype=np.float64).sum()),
            int(histories.rated().sum()),
            purchases(histories),
            *visits(histories),
            *words(dataset.item_facts),
            items_by_events(dataset.interactions.item, dataset.n_items),
        )

    @classmethod
    def guess(cls, *, n_users: int, n_items: int, n_events: int) -> "Size":
        """A data set that is not there yet: every event another pair, a few users and items with many events.

        Every event is a rating and a purchase, visits have five events, and items have titles of five words.
        """
        return cls(
            n_users,
            n_items,
            n_events,
            n_events,
            HISTORY_SKEW * n_events**2 / max(1, n_users),
            AUDIENCE_SKEW * n_events**2 / max(1, n_items),
            n_events,
            n_events,
            int(n_events / VISIT),
            2 * VISIT * n_events,
            int(TITLE * n_items),
            int(TITLE * WORD * n_items),
            FEATURES * n_items,
            _falling(n_items, n_events),
        )

    def n_entries(self) -> float:
        """How often items have features: their words, the pieces of 3 to 5 letters of these, a few other facts."""
        return 3.0 * self.n_letters - self.n_words + 3.0 * self.n_items


def _falling(n_items: int, n_events: int) -> tuple[int, ...]:
    """Items by events where the item of rank r has a number of events in proportion to 1 / r."""
    first = n_events / max(1.0, np.log(max(1, n_items)) + 0.58)
    ranks = np.minimum(first / 2.0 ** np.arange(int(np.log2(max(1.0, first))) + 2), n_items)
    return tuple(np.maximum(-np.diff(ranks), 0).astype(int).tolist())


@dataclass(frozen=True, slots=True)
class Cost:
    """``memory``: bytes that a fit holds at its peak beyond the data set, the model itself included.

    ``work``: how much of each of ``WORK_KINDS`` the fit does.
    """

    memory: float
    work: Mapping[str, float] = field(default_factory=dict)


@runtime_checkable
class Costed(Protocol):
    """An estimator that can say what its fit will cost."""

    def cost(self, size: Size) -> Cost:
        """The cost of fitting a data set of this size."""


def csr_bytes(rows: float, entries: float) -> float:
    """Bytes of a CSR matrix of float32 with int32 columns and offsets, as ``Histories.matrix`` makes it."""
    return 8 * entries + 4 * rows
