"""The rows under cleaning: integer keys to compare them by, and the fate of each."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from slatewright.core.arrays import Frame, Mask, Times
from slatewright.data.cleaning.knobs import StepCount

Codes = npt.NDArray[np.uint32]
KEPT, MERGED, SET_ASIDE = 0, 1, 2  # fates; every reason of quarantine has one, from SET_ASIDE up


@dataclass
class Rows:
    """The state that the steps share.

    ``events`` is the frame as given. ``user`` and ``item`` uint32 (n,) are codes of equal ids (0 where the id is null)
    and positions in ``user_names`` and ``item_names``. ``time`` int64 µs (n,), 0 where null. ``fate`` int8 (n,).
    ``changes`` has the columns of the frame that will be kept with other values.
    """

    events: Frame
    user: Codes
    item: Codes
    user_names: pl.Series
    item_names: pl.Series
    time: Times
    fate: npt.NDArray[np.int8]
    reasons: list[str] = field(default_factory=list)
    changes: dict[str, pl.Series] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Frame) -> "Rows":
        user, user_names = coded(events["user_id"])
        item, item_names = coded(events["item_id"])
        time = events["time"].cast(pl.Int64).fill_null(0).to_numpy()
        return cls(events, user, item, user_names, item_names, time, np.zeros(events.height, dtype=np.int8))

    def live(self) -> Mask:
        """The rows that are still to be kept, (n,)."""
        live: Mask = self.fate == KEPT
        return live

    def pairs(self) -> npt.NDArray[np.uint64]:
        """One number per (user, item), (n,)."""
        return (self.user.astype(np.uint64) << np.uint64(32)) | self.item

    def merge(self, rows: Mask, step: str, detail: str = "") -> StepCount:
        """Count these live rows into the ones they repeat."""
        self.fate[rows] = MERGED
        return StepCount(step, "merged", int(rows.sum()), detail)

    def quarantine(self, rows: Mask, step: str, reason: str, detail: str = "") -> StepCount:
        """Set aside those of these rows that are still live."""
        rows = rows & self.live()
        self.fate[rows] = SET_ASIDE + len(self.reasons)
        self.reasons.append(reason)
        return StepCount(step, "quarantined", int(rows.sum()), detail)

    def changed(self, rows: Mask, step: str, detail: str) -> StepCount:
        """Count those of these rows that are kept with other values."""
        return StepCount(step, "changed", int((rows & self.live()).sum()), detail)

    def kept(self) -> Frame:
        """The rows to keep, with every change, in the order given."""
        return self.events.with_columns(**self.changes).filter(pl.Series(self.live()))

    def quarantined(self) -> Frame:
        """The rows set aside, as given, each with its reason."""
        aside = self.fate >= SET_ASIDE
        reasons = pl.Series(self.reasons, dtype=pl.String).gather(self.fate[aside] - SET_ASIDE)
        return self.events.filter(pl.Series(aside)).with_columns(reason=reasons)


def coded(ids: pl.Series) -> tuple[Codes, pl.Series]:
    """Equal ids get equal codes: uint32 (n,), 0 where the id is null; and the name of each code."""
    own = ids.cast(pl.String).cast(pl.Categorical(pl.Categories.random()))  # codes count up from 0
    codes = own.to_physical().fill_null(0).cast(pl.UInt32).to_numpy()
    names = own.drop_nulls().unique()
    return codes, names.gather(names.to_physical().arg_sort()).cast(pl.String)
