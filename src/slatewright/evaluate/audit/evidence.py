"""What the checks look at, counted once: the test events laid beside the training events of the same users."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from slatewright.core.arrays import Index, Mask, Offsets
from slatewright.core.clock import iso
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.data.interactions import Interactions
from slatewright.data.splits import Cases, Fold, Protocol
from slatewright.data.splits.cases import offsets_of
from slatewright.data.splits.matching import also_in
from slatewright.evaluate.audit.finding import SHOWN
from slatewright.evaluate.lists import Recommender


@dataclass(frozen=True)
class Evidence:
    """A fold, who is judged by it at which ``k``, and what else was fitted; ``ratings``: by what they predict."""

    fold: Fold
    recommenders: Mapping[str, Recommender]
    k: int
    transforms: Mapping[str, object]
    ratings: bool = False

    @property
    def train(self) -> Dataset:
        return self.fold.train

    @property
    def cases(self) -> Cases:
        return self.fold.test

    @property
    def protocol(self) -> Protocol:
        return self.fold.protocol

    @cached_property
    def told_time(self) -> bool:
        """Whether the events tell when they happened: in a data set without times they are all of one instant."""
        times = self.train.interactions.time
        first = self.cases.first
        return bool(len(times) and len(first) and (times.min() != times.max() or (first != times[0]).any()))

    @cached_property
    def offsets(self) -> Offsets:
        """Where the training events of each user start, int64 (n_users + 1,)."""
        return offsets_of(self.train.interactions.user, self.train.n_users)

    @cached_property
    def user_of_case(self) -> Index:
        """The training index of each case's user, int32 (n,); readable where ``cases.trained``."""
        index = np.zeros(len(self.cases), dtype=np.int32)
        found, known = self.train.users.locate(self.cases.users)
        index[known] = found
        return index

    @cached_property
    def known(self) -> Mask:
        """Which cases' users the training part has, bool (n,)."""
        return self.train.users.locate(self.cases.users)[1]

    @cached_property
    def tested(self) -> Interactions:
        """The test events of users that training has, in training indices, in order of user."""
        events = self.cases.events
        users = self.user_of_case[events.user]
        rows = np.flatnonzero(self.known[events.user])
        rows = rows[np.argsort(users[rows], kind="stable")]
        return replace(events.take(rows), user=users[rows])

    @cached_property
    def tested_offsets(self) -> Offsets:
        """Where the test events of each training user start, int64 (n_users + 1,)."""
        return offsets_of(self.tested.user, self.train.n_users)

    @cached_property
    def repeated(self) -> Mask:
        """Which training events are of a pair of user and item that is also among the test events, bool (events,)."""
        return also_in(self.train.interactions.item, self.offsets, self.tested.item, self.tested_offsets)

    @cached_property
    def same_events(self) -> Interactions:
        """The training events that are test events as well: one user, item, kind and instant."""
        return self.test_events_in(self.train.interactions.take(self.repeated))

    def test_events_in(self, events: Interactions) -> Interactions:
        """Those of some events (users in training indices, in order) that are test events too."""
        starts = offsets_of(events.user, self.train.n_users)
        found = events.take(also_in(events.item, starts, self.tested.item, self.tested_offsets))
        starts = offsets_of(found.user, self.train.n_users)
        asked = self.tested.take(also_in(self.tested.item, self.tested_offsets, found.item, starts))
        kinds = {name: at for at, name in enumerate(dict.fromkeys((*found.kinds, *asked.kinds)))}
        other_starts = offsets_of(asked.user, self.train.n_users)
        return found.take(also_in(_whole(found, kinds), starts, _whole(asked, kinds), other_starts))

    def learned(self, histories: Histories, index: Index) -> Interactions:
        """Histories as events of training users; ``index`` int32 (n,), -1 for users that training does not have."""
        owner = np.repeat(index, histories.lengths())
        rows = np.flatnonzero(owner >= 0)
        nothing = np.zeros(len(histories.items), dtype=np.int8)
        kinds = histories.kind_names or self.train.interactions.kinds[:1]
        table = Interactions(
            owner,
            histories.items,
            nothing if histories.kinds is None else histories.kinds,
            histories.weights,
            histories.weights,
            histories.times,
            kinds,
        ).take(rows)
        return table.take(np.argsort(table.user, kind="stable"))

    def users(self, index: Iterable[int]) -> tuple[str, ...]:
        """The ids of some training users, the first few."""
        distinct = list(dict.fromkeys(int(one) for one in index))[:SHOWN]
        return tuple(self.train.users.name(one) for one in distinct)

    def events(self, some: Interactions) -> tuple[str, ...]:
        """The first few of some training events: who, what, when."""
        head = some.take(np.arange(min(SHOWN, len(some))))
        rows = zip(head.user.tolist(), head.item.tolist(), head.time.tolist(), strict=True)
        return tuple(f"{self.train.users.name(u)} {self.train.items.name(i)} {iso(t)}" for u, i, t in rows)


def _whole(events: Interactions, kinds: Mapping[str, int]) -> Offsets:
    """One number per event, int64 (events,), equal for equal item, kind and instant."""
    code = np.array([kinds[name] for name in events.kinds], dtype=np.int64)[events.kind]
    what = (events.item.astype(np.int64) << 8 | code).view(np.uint64)
    mixed = events.time.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ what * np.uint64(0xD6E8FEB86659FD93)
    return mixed.view(np.int64)
