"""Some users are test: each is known by its earlier events and judged by its later ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import generator
from slatewright.data.dataset import Dataset
from slatewright.data.splits.fold import Fold, fold_of
from slatewright.data.splits.last_n import last_rows
from slatewright.data.splits.matching import beside
from slatewright.data.splits.protocol import Order, Protocol

BY_USER = Protocol("by-user", "how well are users answered whom training never saw, or saw in part?", Order.USER)


@dataclass(frozen=True)
class ByUser:
    """Test users drawn at random; ``Cases.trained`` tells those whose history was learned from, from strangers.

    A stranger's history reaches the model only when it is asked: the question is how well it answers somebody new.
    """

    test_share: Annotated[float, Knob("share of the users that is test", above=0, below=1)] = 0.2
    unseen_share: Annotated[float, Knob("share of the test users that training never sees", least=0, most=1)] = 0.5
    history_share: Annotated[
        float, Knob("share of a test user's events, the earliest, that is its history", above=0, below=1)
    ] = 0.8
    validation_share: Annotated[
        float, Knob("share of the other users held back the same way to choose knobs; 0: none", least=0, below=1)
    ] = 0.1
    rng: Annotated[int, Knob("seed of the draw", least=0)] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def split(self, dataset: Dataset) -> Iterator[Fold]:
        """A user with a single event is never test: it would have no history.

        Where visits are told, a test user's history ends before the visit of the first held-out event. An event that
        stands twice is on one side.
        """
        table = dataset.interactions
        rng = generator(self.rng)
        counts = np.bincount(table.user, minlength=dataset.n_users)
        test = (rng.random(dataset.n_users) < self.test_share) & (counts > 1)
        unseen = test & (rng.random(dataset.n_users) < self.unseen_share)
        held_out = np.clip(np.rint(counts * (1 - self.history_share)), 1, np.maximum(counts - 1, 1)).astype(np.int64)
        answers = last_rows(table, counts, held_out) & test[table.user]
        history = ~answers & ~beside(table, ~answers, answers)
        left = np.bincount(table.user[history], minlength=dataset.n_users) > 0
        answers &= left[table.user]
        history |= ~left[table.user]
        train = history & ~unseen[table.user]
        inner = None
        if self.validation_share:
            inner = ByUser(self.validation_share, self.unseen_share, self.history_share, 0.0, self.rng)
        protocol = BY_USER.with_knobs(self)
        yield fold_of(dataset, train, answers, history=history, inner=inner, protocol=protocol)
