"""Counters: everything that was counted before an instant, as arrays for a bundle."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Offsets
from slatewright.core.errors import BadBundle
from slatewright.features.applying import apply_acts, gather, move_landmarks, need_moving
from slatewright.features.layout import SUM_OF_VALUES, Acts, Layout, Numbers, Pairs, no_pairs


@dataclass(frozen=True)
class Counters:
    """What was counted of the events before ``as_of`` (µs UTC), for one set of features.

    ``cells`` float64 (n_cells,) and ``landmarks`` int64 (n_columns,) as ``layout.Layout`` says; ``pairs`` are the items
    that go together. ``signature`` int64 tells the sets of features apart that count differently.
    """

    cells: Numbers
    landmarks: Offsets
    pairs: Pairs
    as_of: int
    signature: int

    @classmethod
    def nothing(cls, layout: Layout, as_of: int, signature: int) -> Self:
        """No event at all."""
        cells = np.zeros(int(((layout.n_keys + 2) * layout.width).sum()))
        for column in np.flatnonzero(layout.mode > SUM_OF_VALUES):
            space = layout.space[column]
            first, width = layout.base[space] + layout.at[column], layout.width[space]
            cells[first : first + (layout.n_keys[space] + 2) * width : width] = -np.inf
        landmarks = np.full(len(layout.space), as_of, dtype=np.int64)
        return cls(cells, landmarks, no_pairs(layout.rows.shape[1]), as_of, signature)

    def gather(self, layout: Layout, items: Index, now: int) -> Numbers:
        """The cells of some items as of ``now``, and their totals: float64 (n + 1, n_columns)."""
        found = np.empty((len(items) + 1, len(layout.space)))
        gather(layout, self.cells, self.landmarks, now, items, found)
        return found

    def copied(self) -> Self:
        """The same with arrays of their own, which may count more."""
        return type(self)(self.cells.copy(), self.landmarks.copy(), self.pairs, self.as_of, self.signature)

    def count(self, layout: Layout, acts: Acts) -> None:
        """Count more events in the very arrays that readers may be reading; landmarks must be near (see ``moved``)."""
        if len(acts.items):
            move_landmarks(layout, self.cells, self.landmarks, int(acts.times.max()))
            apply_acts(layout, self.cells, self.landmarks, acts)

    def compiled(self, layout: Layout) -> None:
        """Have the kernels that count compiled, which the first event would wait for; nothing is counted."""
        nobody = Acts(np.empty(0, np.int32), np.empty(0, np.int8), np.empty(0, np.int64), np.empty(0, np.float32))
        spare = self.copied().moved(layout, self.as_of)
        move_landmarks(layout, spare.cells, spare.landmarks, self.as_of)
        apply_acts(layout, spare.cells, spare.landmarks, nobody)

    def moved(self, layout: Layout, latest: int) -> Self:
        """These, or a copy that is ready to count events until ``latest``: readers keep what they read."""
        if not need_moving(layout, self.landmarks, latest):
            return self
        moved = self.copied()
        move_landmarks(layout, moved.cells, moved.landmarks, latest)
        return moved

    def arrays(self) -> Arrays:
        """The arrays, for a bundle."""
        marks: dict[str, Array] = {"as_of": np.array([self.as_of]), "signature": np.array([self.signature])}
        pairs = {f"pair_{name}": array for name, array in self.pairs._asdict().items()}
        return {"cells": self.cells, "landmarks": self.landmarks, **pairs, **marks}

    @classmethod
    def from_arrays(cls, arrays: Arrays, layout: Layout, signature: int) -> Self:
        """The counters again, from arrays that may be memory-mapped; cells are copied, since they go on counting.

        Raises:
            BadBundle: they were counted for another set of features.
        """
        found = int(arrays["signature"][0])
        n_cells = int(((layout.n_keys + 2) * layout.width).sum())
        if found != signature or len(arrays["cells"]) != n_cells:
            raise BadBundle("the counters of this bundle were counted for other features; train again")
        pairs = Pairs(*(np.array(arrays[f"pair_{name}"]) for name in Pairs._fields))
        return cls(np.array(arrays["cells"]), np.array(arrays["landmarks"]), pairs, int(arrays["as_of"][0]), signature)
