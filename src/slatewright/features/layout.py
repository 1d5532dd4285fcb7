"""How counted things lie in memory, and what kernels take to read them: plain arrays under names.

Counts are *cells*: column ``c`` of a *space* (the items, the categories, the values of a fact) has one cell per key of
that space, and one for the total of all keys. A cell that sums holds w · 2^((t - landmark) / half life) of every event:
the order of events does not matter, two such sums add, and reading is one multiplication. The landmark of a column
moves on by whole half-lives, which scales its cells by a power of two, exactly.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Index, Offsets, Weights

Numbers = npt.NDArray[np.float64]
Kinds = npt.NDArray[np.int8]
MOST_KINDS = 120  # that a set of features may name
SUM, SUM_OF_VALUES, LAST, FIRST = range(4)  # what a cell holds: events, their values, the latest, minus the earliest
EVERY_KIND = 0  # where a kind is asked for: any; where one is told: not told, which goes for any
SHOWN, RETURNED = 1, 2  # kinds that are counted only where they are named
ADDED, NEWEST, UNANSWERED = range(3)  # how a column over a history comes of its events, see ``Visits``


class Layout(NamedTuple):
    """Where the cells of each column are.

    ``rows`` int32 (n_spaces, n_items) is the key of each item, ``n_keys[s]`` where it has none; the cell of column
    ``c`` for row ``r`` of its space ``s`` is ``base[s] + r * width[s] + at[c]``. Row ``n_keys[s]`` stays empty, the row
    behind it is the total. ``half_life`` is in µs, infinite where nothing fades.
    """

    rows: Index
    n_keys: Offsets
    base: Offsets
    width: Offsets
    space: Offsets
    at: Offsets
    kind: Offsets
    mode: Offsets
    half_life: Numbers


class Visits(NamedTuple):
    """Columns over the events of the history that asks, or over what its owner was shown lately, each (n_visits,).

    An event counts 2^(-age / half life) times a static column of its item (``of``), if it is of the kind and, with a
    finite ``gap`` (µs), of the present session. ``how``: they are added, or the largest counts, or those are added
    which the history did not answer: after which it has no event of the same key.
    """

    space: Offsets
    kind: Offsets
    of: Offsets
    how: Offsets
    half_life: Numbers
    gap: Numbers


class Ops(NamedTuple):
    """One entry per feature: see ``contracts.Op``."""

    code: Offsets
    a: Offsets
    b: Offsets
    c: Offsets
    x: Numbers
    y: Numbers
    z: Numbers


class Pairs(NamedTuple):
    """Which items were in one basket.

    With item ``i`` those of ``items[offsets[i]:offsets[i + 1]]``; ``strengths`` says how strongly.
    """

    offsets: Offsets
    items: Index
    strengths: Weights


class Acts(NamedTuple):
    """Events of known items: item int32, kind int8 as the plan numbers kinds, time int64 µs UTC, value float32."""

    items: Index
    kinds: Kinds
    times: Offsets
    values: Weights


class Past(NamedTuple):
    """The events of one history, or what its owner was shown, oldest first: items int32, times int64, kinds int8."""

    items: Index
    times: Offsets
    kinds: Kinds


def no_pairs(n_items: int) -> Pairs:
    """Nothing was ever in one basket."""
    nothing = np.empty(0, dtype=np.int32)
    return Pairs(np.zeros(n_items + 1, dtype=np.int64), nothing, nothing.astype(np.float32))
