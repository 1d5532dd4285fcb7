"""Rows of fields as ids of tables: what a network over facts looks up."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets, Scores
from slatewright.models.neural.facts.crossing import crossed


@dataclass(frozen=True)
class Rows:
    """``places`` int32 (n, fields), 0 for what is not known; ``numbers`` float32 (n, numbers).

    ``history`` int32 (n, L) are places of the field ``Layout.item``, and ``shares`` float32 (n, L) how much each
    counts, 0 where a row has fewer; L is 0 where rows have no histories.
    """

    places: Index
    numbers: Scores
    history: Index
    shares: Scores

    @classmethod
    def plain(cls, places: Index, numbers: Scores) -> Self:
        """Rows without histories."""
        n = len(places)
        return cls(places, numbers, np.zeros((n, 0), dtype=np.int32), np.zeros((n, 0), dtype=np.float32))

    def take(self, at: Array) -> Self:
        """Some of the rows, in the order given."""
        return type(self)(self.places[at], self.numbers[at], self.history[at], self.shares[at])

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True)
class Layout:
    """``sizes`` are the places of each field, ``pairs`` the columns that are crossed into ``n_crosses`` places.

    Of rows with histories of ``history`` items, ``item`` is the field of the item that is asked about; each item of the
    history is crossed with it. The table "fields" has a row for each place of each field, "wide" has the same rows and
    then the crosses; ``wide`` tells whether there is one.
    """

    sizes: tuple[int, ...]
    numbers: int
    pairs: tuple[tuple[int, int], ...] = ()
    n_crosses: int = 1 << 16
    history: int = 0
    item: int = 0
    wide: bool = True

    @cached_property
    def offsets(self) -> Offsets:
        """Where the places of each field begin, int64 (fields + 1,)."""
        return np.cumsum([0, *self.sizes]).astype(np.int64)

    @property
    def n_fields(self) -> int:
        """The rows of the table "fields"."""
        return int(self.offsets[-1])

    @property
    def n_wide(self) -> int:
        """The rows of the table "wide"."""
        return self.n_fields + self.n_crosses if self.wide else 0

    @property
    def width(self) -> int:
        """How many weights of the table "wide" are added up for a row."""
        return len(self.sizes) + len(self.pairs) + self.history if self.wide else 0

    @property
    def roles(self) -> dict[str, str]:
        """The table in which each role looks."""
        history = {"history": "fields"} if self.history else {}
        return {"fields": "fields", **history, **({"wide": "wide"} if self.wide else {})}

    def ids(self, rows: Rows) -> dict[str, Index]:
        """Rows of tables by role, int32: ``fields`` (n, fields), ``history`` (n, L), ``wide`` (n, width)."""
        fields = (rows.places + self.offsets[:-1]).astype(np.int32)
        found: dict[str, Index] = {"fields": fields}
        if self.history:
            found["history"] = (rows.history + self.offsets[self.item]).astype(np.int32)
        if self.wide:
            found["wide"] = np.hstack([fields, self.n_fields + self._crosses(rows)]).astype(np.int32)
        return found

    def inputs(self, rows: Rows) -> dict[str, Array]:
        """What else the network reads, by name, each float32 (n, ...)."""
        found: dict[str, Array] = {"numbers": rows.numbers} if self.numbers else {}
        if self.wide:
            found["wide_shares"] = np.ones((len(rows), self.width), dtype=np.float32)
        if self.history:
            found["history_shares"] = rows.shares
            if self.wide:
                found["wide_shares"][:, -self.history :] = rows.shares
        return found

    def _crosses(self, rows: Rows) -> Index:
        pairs = np.array(self.pairs, dtype=np.int64).reshape(-1, 2)
        one, other = rows.places[:, pairs[:, 0]], rows.places[:, pairs[:, 1]]
        keys = np.arange(len(pairs))
        if self.history:
            asked = np.broadcast_to(rows.places[:, [self.item]], rows.history.shape)
            one, other = np.hstack([one, rows.history]), np.hstack([other, asked])
            keys = np.concatenate([keys, np.full(self.history, len(pairs))])  # whichever place the item has in it
        return crossed(one, other, keys, self.n_crosses)

    def array(self) -> Array:
        """The layout for a bundle, uint8."""
        return np.frombuffer(json.dumps(asdict(self)).encode(), dtype=np.uint8)

    @classmethod
    def from_array(cls, array: Array) -> Self:
        """The layout again."""
        card: Mapping[str, Any] = json.loads(bytes(array))
        pairs = tuple((one, other) for one, other in card["pairs"])
        return cls(**{**card, "sizes": tuple(card["sizes"]), "pairs": pairs})
