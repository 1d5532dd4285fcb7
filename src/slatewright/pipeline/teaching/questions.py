"""Questions: a user at a moment, what was known of them then, and what they did next."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Index, Mask, Offsets, Times, Weights
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.dataset import Dataset, Interactions
from slatewright.data.histories import Histories
from slatewright.pipeline.scores.lessons import Lessons

PAUSE = 30 * 60 * 1_000_000  # µs; a longer one begins another visit


@dataclass(frozen=True)
class Shown:
    """What was shown, question by question: those of q are ``[offsets[q]:offsets[q + 1]]``.

    ``items`` int32 in display order; ``places`` float32, from 1; ``propensities`` float32, the chance of the item at
    its place, NaN where the order was not random.
    """

    offsets: Offsets
    items: Index
    places: Weights
    propensities: Weights


@dataclass(frozen=True)
class Questions:
    """Question q: user ``users[q]`` at ``times[q]`` (µs UTC), of whom the events before position ``stops[q]`` of the
    data set are known. Answers ``[offsets[q]:offsets[q + 1]]`` are what was done: ``items`` int32, ``kinds`` int8.

    ``shown`` is set where slates were shown; otherwise candidates are those of the sources.
    """

    users: Index
    times: Times
    stops: Offsets
    offsets: Offsets
    items: Index
    kinds: npt.NDArray[np.int8]
    shown: Shown | None = None

    def __len__(self) -> int:
        return len(self.users)

    def histories(self, everything: Histories, begin: int, end: int) -> Histories:
        """What was known at questions ``begin`` to ``end``, one history each."""
        users, stops = self.users[begin:end], self.stops[begin:end]
        whole = everything.take(users)
        known = np.repeat(stops - everything.offsets[users], whole.lengths())
        place = np.arange(len(whole.items)) - np.repeat(whole.offsets[:-1], whole.lengths())
        shown = None if whole.shown is None else whole.shown.until(self.times[begin:end])
        return replace(whole.only(place < known), shown=shown)


def later_visits(dataset: Dataset, since: int, lessons: Lessons, rng: np.random.Generator) -> Questions:
    """Moments from ``since`` on at which a known user went on: at most ``n_questions`` of them, drawn at random.

    The answer is what the user did from that moment to the end of the visit, or within ``horizon_days``.
    """
    table = dataset.interactions
    starts, visit_end = _moments(table, since, lessons.each)
    if len(starts) > lessons.n_questions:
        starts = np.sort(rng.choice(starts, lessons.n_questions, replace=False))
    days = lessons.horizon_days
    ends = visit_end[starts] if days is None else _until(dataset, starts, days)
    lengths = ends - starts
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    rows = np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])
    liked = table.weight[rows] > 0
    counts = np.concatenate([[0], np.cumsum(liked)])
    rows = rows[liked]
    return Questions(
        table.user[starts], table.time[starts], starts, counts[offsets], table.item[rows], table.kind[rows]
    )


def _moments(table: Interactions, since: int, each: str) -> tuple[Offsets, Offsets]:
    """Rows at which a user with a past takes another step or begins a visit; and for every row the end of its visit."""
    n = len(table)
    same_user = _as_before(table.user)
    pause = np.diff(table.time, prepend=table.time[:1])
    new_visit = ~same_user | (pause > PAUSE)
    visit = np.cumsum(new_visit) - 1
    ends = np.append(np.flatnonzero(new_visit)[1:], n).astype(np.int64)
    moments = same_user & (pause > (PAUSE if each == "visit" else 0)) & (table.time >= since)
    return np.flatnonzero(moments).astype(np.int64), ends[visit] if n else ends


def _as_before(values: Index) -> Mask:
    same = np.zeros(len(values), dtype=np.bool_)
    same[1:] = values[1:] == values[:-1]
    return same


def _until(dataset: Dataset, starts: Offsets, days: float) -> Offsets:
    """For each row the first row of its user that lies more than so many days later."""
    table = dataset.interactions
    last = table.time[starts] + int(days * MICROSECONDS_PER_DAY)
    return dataset.histories().first_from(table.user[starts], last + 1)
