"""The answer: a slate, and the trace of how it came about."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.pipeline.contracts import Candidates, Proposal, Query


@dataclass(frozen=True, slots=True)
class Placed:
    """One item of a slate; ``position`` from 1, ``source`` names who ranked it best, ``sources`` all who proposed it.

    What filled a slate that was too short was proposed by nobody.
    """

    position: int
    item_id: str
    score: float
    source: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something that went wrong in a stage, and was survived: ``stage`` is source, filter, score or order.

    Where nothing ``broke``, an order could not keep to a rule, and says how it was eased.
    """

    stage: str
    name: str
    problem: str
    broke: bool = True


@dataclass(frozen=True, slots=True)
class Trace:
    """How a slate came about; ``explain`` puts it into words.

    ``proposals`` holds what each source offered, in the order of the recipe. ``pool`` is their union (n); its
    ``source`` points into ``source_names``. ``dropped_by`` uint8 (n,) points into ``filter_names``, whose first name is
    "" for the survivors; a last name "pool" stands for what the recipe's number of ``candidates`` left no room for.
    ``marks`` float32 (n_survivors,) belong to the survivors in the order of the pool. ``arrangements`` holds,
    for each order, positions among the survivors, best first; the first is plain top-k. ``scored_by`` names the score
    that was asked for the marks, "" where the sources' own were to stand. ``notes`` are of what broke,
    ``remarks`` of what orders eased.
    """

    query: Query
    source_names: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    pool: Candidates
    filter_names: tuple[str, ...]
    dropped_by: npt.NDArray[np.uint8]
    marks: Scores
    arrangements: tuple[tuple[str, Offsets], ...]
    notes: tuple[Note, ...]
    scored_by: str = ""
    remarks: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the stages made of a query, in indices: ``items``, ``marks`` and ``source``, each (<= k,), best first."""

    items: Index
    marks: Scores
    source: Index
    fallback: str | None
    trace: Trace


def outcome_of(trace: Trace, fallback: str | None) -> Outcome:
    """The outcome that a trace tells of: the first k of its last arrangement."""
    chosen = trace.arrangements[-1][1][: trace.query.k]
    at = np.flatnonzero(trace.dropped_by == 0)[chosen]
    return Outcome(trace.pool.items[at], trace.marks[chosen], trace.pool.source[at], fallback, trace)


@dataclass(frozen=True, slots=True)
class Slate:
    """The ordered list for one place on a page.

    ``fallback`` says why this is not the usual answer: None for a personal one, otherwise ``"newcomer"`` (nothing is
    known of the user), ``"filled"`` (the sources had too few eligible items, popular ones fill the rest) or
    ``"closed"`` (a filter broke, so nothing may be shown).
    """

    slate_id: str
    items: tuple[Placed, ...]
    fallback: str | None
    trace: Trace

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The ids in display order."""
        return tuple(placed.item_id for placed in self.items)


@dataclass(frozen=True, slots=True)
class TitledSlate:
    """One row of a page: the slate below its title, in the place ``slot``."""

    title: str
    slot: str
    slate: Slate
