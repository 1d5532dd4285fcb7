"""The four stages; the return type is the contract.

A filter cannot invent an item and a scorer cannot lose one: they have no way to say so.

    source   proposes   Query                    -> Proposal (item indices, scores)
    filter   drops      Query, n items           -> n booleans, True keeps
    score    marks      Query, Candidates (n)    -> n float32
    order    arranges   Query, Candidates (n)    -> positions of the survivors, best first
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np

from slatewright.core.arrays import Index, Mask, Offsets, Scores
from slatewright.data.histories import Histories
from slatewright.data.showings import Showings


def _nothing() -> Index:
    return np.empty(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Query:
    """One request, ids already resolved.

    ``history`` holds exactly one history (trained past and fresh events together, oldest first), and what its owner
    was shown; ``now`` is µs UTC.
    ``categories`` and ``exclude_categories`` are names as in the catalogue; None means no wish, an empty set nothing.
    ``deadline`` is the instant of ``time.monotonic()`` by which the sources must be done; None where nobody waits.
    ``only``, distinct items: no other can pass the filters; None where no filter can tell.
    """

    k: int
    now: int
    history: Histories
    user_id: str | None = None
    exclude: Index = field(default_factory=_nothing)
    categories: frozenset[str] | None = None
    exclude_categories: frozenset[str] = frozenset()
    facts: Mapping[str, str] = field(default_factory=dict)
    surface: str = ""
    slot: str = ""
    # What each model said of all items for this history; filled as stages ask, so that no model is asked twice.
    scored: dict[str, Scores] = field(default_factory=dict, compare=False, repr=False)
    # The vector (d,) that each model of factors gave this history, filled alike.
    vectors: dict[str, Scores] = field(default_factory=dict, compare=False, repr=False)
    # What a score read of its candidates: by its name, items int32 (n,) and the columns float32 (n, m).
    read: dict[str, tuple[Index, Scores]] = field(default_factory=dict, compare=False, repr=False)
    # Facts of the user that were told after training; they stand in the history, too, over those that were known then.
    told: Mapping[str, object] = field(default_factory=dict)
    deadline: float | None = field(default=None, compare=False)
    only: Index | None = field(default=None, compare=False, repr=False)

    @property
    def is_newcomer(self) -> bool:
        """Whether nothing this user did is known."""
        return len(self.history.items) == 0

    @property
    def shown(self) -> Showings:
        """What this user was shown of late, whatever came of it: exactly one, oldest first."""
        return self.history.shown or Showings.nothing()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a source offers, best first: ``items`` int32 (n,) without repeats, ``scores`` float32 (n,).

    ``how`` says in words how they were found, where a source has more than one way.
    """

    items: Index
    scores: Scores
    how: str = ""


def _no_ranks() -> Index:
    return np.empty((0, 0), dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The pool: ``items`` int32 (n,) distinct; ``scores`` float32 (n,); ``source`` int32 (n,), who ranked it best.

    ``ranks`` int32 (n_sources, n) is the rank from 1 that each source gave each item, 0 where it did not propose it;
    without rows where the pool came from no source.
    """

    items: Index
    scores: Scores
    source: Index
    ranks: Index = field(default_factory=_no_ranks)

    def take(self, at: Index | Offsets | Mask) -> "Candidates":
        """Some of them: those at positions, in that order, or those where a mask is True."""
        ranks = self.ranks[:, at] if len(self.ranks) else self.ranks
        return Candidates(self.items[at], self.scores[at], self.source[at], ranks)

    def marked(self, marks: Scores) -> "Candidates":
        """The same items with other scores, float32 (n,)."""
        return Candidates(self.items, marks, self.source, self.ranks)

    def told_apart(self, marks: Scores) -> Scores:
        """The marks, float32 (n,), or the scores of before where marks are all the same."""
        return self.scores if len(marks) and marks.min() == marks.max() else marks


class Source(Protocol):
    """Proposes.

    One that looks things up in this process and waits for nobody says ``in_memory = True``: it is asked on the thread
    of the request. Any other is asked on a thread of its own where there is a deadline, and left behind when late.
    ``least`` says how many of its best are candidates whatever the others propose, ``scores_all`` which models it asks
    about every item; a source may have neither.
    """

    @property
    def name(self) -> str: ...

    def propose(self, query: Query) -> Proposal: ...


class Filter(Protocol):
    """Drops; fails closed.

    One that can name all items which it may keep has ``only(query)`` beside ``keep``: an index of them, distinct, or
    None. Sources then look among these alone.
    """

    @property
    def name(self) -> str: ...

    def keep(self, query: Query, items: Index) -> Mask: ...


class Score(Protocol):
    """Marks.

    One that has another score as ``if_broken`` is followed by it where it breaks.
    """

    @property
    def name(self) -> str: ...

    def mark(self, query: Query, candidates: Candidates) -> Scores: ...


@runtime_checkable
class PartedScore(Score, Protocol):
    """A score that can say what each model adds to a mark; the parts sum to ``mark``."""

    def parts(self, query: Query, candidates: Candidates) -> Mapping[str, Scores]: ...


@dataclass(frozen=True, slots=True)
class Arranged:
    """``positions`` int64, best first, and what could not be kept to, in words for the trace."""

    positions: Offsets
    problems: tuple[str, ...] = ()


class Order(Protocol):
    """Arranges: positions into ``candidates``, distinct, as many as it likes."""

    @property
    def name(self) -> str: ...

    def arrange(self, query: Query, candidates: Candidates) -> Offsets | Arranged: ...
