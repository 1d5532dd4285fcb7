"""The last n events of every user are test."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Mask, Offsets
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import generator
from slatewright.data.dataset import Dataset, Interactions
from slatewright.data.splits.fold import Fold, fold_of
from slatewright.data.splits.matching import beside
from slatewright.data.splits.protocol import Order, Protocol

LAST_N = Protocol("last-n", "what comes next for each user, whenever that was?", Order.USER)


@dataclass(frozen=True)
class LastN:
    """Leave the last n out: common in papers. A model may see other users' later events; split by time to be sure."""

    n: Annotated[int, Knob("events held out per user", least=1)] = 1
    user_share: Annotated[float, Knob("share of the users to hold out from", above=0, most=1)] = 1.0
    validation_share: Annotated[
        float,
        Knob("share of the users whose n events before those are held back to choose knobs; 0: none", least=0, below=1),
    ] = 0.1
    rng: Annotated[int, Knob("seed of the choice of users", least=0)] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def split(self, dataset: Dataset) -> Iterator[Fold]:
        """A user with n events or fewer stays in training as a whole.

        Where visits are told, what else happened in the visit of a held-out event is in neither part, and nor is the
        same event once more; a user of a single visit stays in training.
        """
        table = dataset.interactions
        counts = np.bincount(table.user, minlength=dataset.n_users)
        chosen = generator(self.rng).random(dataset.n_users) < self.user_share
        chosen &= counts > self.n
        answers = last_rows(table, counts, self.n) & chosen[table.user]
        train = ~answers & ~beside(table, ~answers, answers)
        left = np.bincount(table.user[train], minlength=dataset.n_users) > 0
        train, answers = train | ~left[table.user], answers & left[table.user]
        inner = LastN(self.n, self.validation_share, 0.0, self.rng) if self.validation_share else None
        yield fold_of(dataset, train, answers, inner=inner, protocol=LAST_N.with_knobs(self))


def last_rows(table: Interactions, counts: Offsets, n: int | Offsets) -> Mask:
    """The last n rows of each user (one n, or one per user), bool (events,)."""
    ends = np.cumsum(counts)
    from_the_end = ends[table.user] - np.arange(len(table))  # 1 for a user's last row
    return np.asarray(from_the_end <= (n if isinstance(n, int) else n[table.user]), dtype=np.bool_)
