"""Cases: whom to ask for, what may be known of them, and what they then did."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from slatewright.core.arrays import Index, Mask, Offsets, Times, Weights
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.data.interactions import Interactions
from slatewright.data.splits.matching import also_in


@dataclass(frozen=True, slots=True)
class Pools:
    """The items that each case's list is chosen from, in training indices, end to end; of equal scores the first wins.

    Pool u is ``items[offsets[u]:offsets[u + 1]]``; ``offsets`` int64 (n + 1,), ``items`` int32.
    """

    offsets: Offsets
    items: Index

    def lengths(self) -> Offsets:
        """Items per pool, int64 (n,)."""
        return np.diff(self.offsets)

    def take(self, cases: Index) -> "Pools":
        """The pools of some cases, in the order given."""
        lengths = self.lengths()[cases]
        ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return Pools(ends, self.items[np.repeat(self.offsets[cases] - ends[:-1], lengths) + np.arange(ends[-1])])


@dataclass(frozen=True, slots=True)
class Cases:
    """Test users, each with a history and the items that were right; all indices are the training set's own.

    ``users`` String (n,), their ids; ``now`` int64 (n,) µs UTC, when each is asked for; ``histories`` (n,), what each
    had done by then; ``trained`` bool (n,), whether the model was fitted on that history too. ``items``: the id map of
    the training set; ``hot`` bool (n_items,), which of them anyone interacted with in training. Case u's right items
    are ``relevant[offsets[u]:offsets[u + 1]]``, distinct, in order of index, each with what the last event said of it
    in ``values``. ``unknown`` int64 (n,) counts the right items that no training event or fact ever named.

    ``first`` int64 (n,) µs UTC is when the first of each case's answers happened. ``events`` are the answers
    themselves, as they happened, with the position of the case as user, also ratings of items that were not liked;
    those of unknown items are left out.
    ``pools``: where they are there, each list is chosen from a few items of its own instead of from all.
    """

    users: pl.Series
    now: Times
    histories: Histories
    trained: Mask
    items: IdMap
    hot: Mask
    offsets: Offsets
    relevant: Index
    values: Weights
    unknown: Offsets
    first: Times
    events: Interactions
    pools: "Pools | None" = None

    def __len__(self) -> int:
        return len(self.users)

    def n_relevant(self) -> Offsets:
        """Right items per case that the training set knows, int64 (n,)."""
        return np.diff(self.offsets)

    def relevant_of(self, case: int) -> Index:
        """The right items of one case."""
        return self.relevant[self.offsets[case] : self.offsets[case + 1]]

    def new_only(self) -> "Cases":
        """The same cases with only the right items that are not in the history; cases may be left without any."""
        seen = also_in(self.relevant, self.offsets, self.histories.items, self.histories.offsets)
        return self._keeping(~seen)

    def hot_only(self) -> "Cases":
        """The same cases with only the right items that had interactions in training, none unknown."""
        return replace(self._keeping(self.hot[self.relevant]), unknown=np.zeros_like(self.unknown))

    def with_answers(self) -> "Cases":
        """Only the cases that have a right item left."""
        return self.take(np.flatnonzero(self.n_relevant() + self.unknown))

    def take(self, cases: Offsets) -> "Cases":
        """Some of the cases, in the order given."""
        chosen = cases.astype(np.int32)
        right = Histories(self.offsets, self.relevant, self.values, np.zeros(len(self.relevant), np.int64)).take(chosen)
        return replace(
            self,
            users=self.users.gather(cases),
            now=self.now[cases],
            histories=self.histories.take(chosen),
            trained=self.trained[cases],
            offsets=right.offsets,
            relevant=right.items,
            values=right.weights,
            unknown=self.unknown[cases],
            first=self.first[cases],
            events=_taken(self.events, cases, len(self)),
            pools=None if self.pools is None else self.pools.take(chosen),
        )

    def _keeping(self, kept: Mask) -> "Cases":
        before = np.concatenate([[0], np.cumsum(kept)])
        return replace(self, offsets=before[self.offsets], relevant=self.relevant[kept], values=self.values[kept])


def cases_of(
    train: Dataset, later: Dataset, answers: Mask, *, as_of: int | None = None, history: Mask | None = None
) -> Cases:
    """Judge a model fitted on ``train`` by some rows of ``later``, which may have id maps of its own.

    ``answers`` bool (events of later,): the rows that are asked for. Those of weight 0 (ratings that say that the item
    was not liked) make no item right, and are kept among the events. All users are asked for at ``as_of``, or each at
    the first of its answers when that is None. A user's history is what ``train`` has of it, or, where ``history`` is
    given, these rows of ``later``.
    """
    table = later.interactions
    owners = np.unique(table.user[answers])  # (n,) users of later, in order
    case = np.zeros(later.n_users, dtype=np.int64)
    case[owners] = np.arange(len(owners))
    names = later.users.names_of(owners).alias("user_id")
    offsets, relevant, values, unknown = _right_items(
        train, later, np.flatnonzero(answers & (table.weight > 0)), case, len(owners)
    )
    trained_index, trained = train.users.locate(names)
    if history is None:
        histories = train.histories().take(trained_index).spread(trained)
    else:
        rows = history & np.isin(table.user, owners)
        histories = _known_part(train, later, np.flatnonzero(rows), case, owners)
    first = np.full(len(owners), np.iinfo(np.int64).max)
    np.minimum.at(first, case[table.user[answers]], table.time[answers])
    return Cases(
        users=names,
        now=first if as_of is None else np.full(len(owners), as_of, dtype=np.int64),
        histories=histories,
        trained=trained,
        items=train.items,
        hot=np.bincount(train.interactions.item, minlength=train.n_items) > 0,
        offsets=offsets,
        relevant=relevant,
        values=values,
        unknown=unknown,
        first=first,
        events=_as_cases(train, later, np.flatnonzero(answers), case),
    )


def offsets_of(owners: Offsets | Index, n: int) -> Offsets:
    """CSR row pointers, int64 (n + 1,), of rows sorted by owner."""
    return np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=n))]).astype(np.int64)


def _into(train: IdMap, later: IdMap) -> tuple[Index, Mask]:
    """The training index of each later item, int32 (n_items,), readable only where the mask is True."""
    found, known = train.locate(later.names)
    index = np.zeros(len(later), dtype=np.int32)
    index[known] = found
    return index, known


def _right_items(
    train: Dataset, later: Dataset, rows: Offsets, case: Offsets, n: int
) -> tuple[Offsets, Index, Weights, Offsets]:
    """Distinct pairs of case and item: offsets, training indices, last values, and how many training does not know."""
    table = later.interactions
    pairs = case[table.user[rows]] * later.n_items + table.item[rows]
    newest_first = rows[::-1]  # rows are in order of time within a user: the first of the reversed is the last word
    pairs, at = np.unique(pairs[::-1], return_index=True)
    owner, item = np.divmod(pairs, max(1, later.n_items))
    index, known = _into(train.items, later.items)
    here = known[item]
    unknown = np.bincount(owner[~here], minlength=n)
    return offsets_of(owner[here], n), index[item[here]], table.value[newest_first[at]][here], unknown


def _as_cases(train: Dataset, later: Dataset, rows: Offsets, case: Offsets) -> Interactions:
    """Rows of ``later`` in training indices, their cases as users; without the items that training does not know."""
    index, known = _into(train.items, later.items)
    part = later.interactions.take(rows[known[later.interactions.item[rows]]])
    return replace(part, user=case[part.user].astype(np.int32), item=index[part.item])


def _taken(events: Interactions, cases: Offsets, n: int) -> Interactions:
    """The events of some cases, in the order given; their users become the positions in ``cases``."""
    starts = offsets_of(events.user, n)
    lengths = np.diff(starts)[cases]
    ends = np.cumsum(lengths)
    at = np.repeat(starts[cases] - ends + lengths, lengths) + np.arange(lengths.sum())
    return replace(events.take(at), user=np.repeat(np.arange(len(cases), dtype=np.int32), lengths))


def _known_part(train: Dataset, later: Dataset, rows: Offsets, case: Offsets, owners: Index) -> Histories:
    """Histories from rows of ``later``, without the items that training does not know."""
    table = later.interactions
    index, known = _into(train.items, later.items)
    rows = rows[known[table.item[rows]]]
    owner = case[table.user[rows]]
    facts = later.user_facts[owners] if later.user_facts.height else None
    return Histories(
        offsets_of(owner, len(owners)),
        index[table.item[rows]],
        table.weight[rows],
        table.time[rows],
        table.value[rows],
        table.kind[rows],
        table.kinds,
        facts,
    )
