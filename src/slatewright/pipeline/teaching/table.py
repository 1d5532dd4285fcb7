"""The teaching table: for every question its candidates, the columns as they were then, and what was taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array, Index, Mask, Offsets, Scores, Weights
from slatewright.data.histories import Histories
from slatewright.features.contracts import Moments
from slatewright.features.happenings import Events
from slatewright.models.rankers.contracts import RankingTable
from slatewright.pipeline.scores.reading import Reader
from slatewright.pipeline.teaching.asking import Asked, joined
from slatewright.pipeline.teaching.questions import Questions


@dataclass(frozen=True)
class Rows:
    """Candidates end to end, those of question q at ``[offsets[q]:offsets[q + 1]]``.

    ``items`` int32; ``asked`` float32 (rows, columns), what comes of the request; ``thinned`` float32 (rows,), how many
    candidates a row stands for; ``weights`` float32 (rows,); ``places`` float32 (rows,), NaN where nothing was shown.
    """

    offsets: Offsets
    items: Index
    asked: Scores
    thinned: Weights
    weights: Weights
    places: Weights


def candidates_of(
    asked: Iterable[Asked], questions: Questions, reader: Reader, n_negatives: int, rng: np.random.Generator
) -> Rows:
    """The candidates of questions that the sources answered: all right ones, and some of the others at random."""
    drawn = _Collected(len(reader.asked_names))
    for one in asked:
        values = np.empty((len(one.pool.items), len(reader.asked_names)), dtype=np.float32)
        reader.asked(one.query, one.pool, values)
        answers = questions.items[questions.offsets[one.at] : questions.offsets[one.at + 1]]
        right = np.isin(one.pool.items, answers)
        others = np.flatnonzero(~right)
        kept = others if len(others) <= n_negatives else rng.choice(others, n_negatives, replace=False)
        at = np.concatenate([np.flatnonzero(right), np.sort(kept)])
        each = np.where(right[at], 1.0, len(others) / max(len(kept), 1))
        drawn.add(one.pool.items[at], values[at], each)
    return drawn.rows()


def shown_of(asked: Iterable[Asked], questions: Questions, reader: Reader, weights: Weights | None) -> Rows:
    """The items that were shown, with what the sources said of them; ``weights`` float32, one for each of them,
    None: all alike."""
    shown = questions.shown
    assert shown is not None  # noqa: S101 (questions of what was shown say what it was)
    drawn = _Collected(len(reader.asked_names))
    for one in asked:
        items = shown.items[shown.offsets[one.at] : shown.offsets[one.at + 1]]
        both, at = joined(one.pool, items)
        values = np.empty((len(both.items), len(reader.asked_names)), dtype=np.float32)
        reader.asked(one.query, both, values)
        drawn.add(items, values[at], np.ones(len(items)))
    return drawn.rows(weights, shown.places)


class _Collected:
    def __init__(self, width: int) -> None:
        self.width = width
        self.items: list[Index] = []
        self.values: list[Scores] = []
        self.thinned: list[Array] = []

    def add(self, items: Index, values: Scores, thinned: Array) -> None:
        self.items.append(items)
        self.values.append(values)
        self.thinned.append(thinned)

    def rows(self, weights: Weights | None = None, places: Weights | None = None) -> Rows:
        offsets = np.concatenate([[0], np.cumsum([len(one) for one in self.items])]).astype(np.int64)
        n = int(offsets[-1])
        return Rows(
            offsets,
            np.concatenate([*self.items, np.empty(0, np.int32)]).astype(np.int32),
            np.concatenate([*self.values, np.empty((0, self.width), np.float32)]),
            np.concatenate([*self.thinned, np.empty(0)]).astype(np.float32),
            np.ones(n, dtype=np.float32) if weights is None else weights,
            np.full(n, np.nan, dtype=np.float32) if places is None else places,
        )


def filled(
    rows: Rows, questions: Questions, reader: Reader, histories: Histories, events: Events, *, placed: bool
) -> Scores:
    """All columns of the rows, float32 (rows, columns): those of the request, the features as they were at that moment,
    and the place, where it is asked for. ``histories`` are those of the whole data set."""
    parts = [rows.asked]
    if reader.features is not None:
        moments = Moments(questions.times, histories, questions.users)
        start = reader.world.learned_counts  # what was counted before is not counted again
        parts.append(reader.features.replay(events, moments, rows.offsets, rows.items, start=start))
    if placed:
        parts.append(rows.places[:, None])
    return np.concatenate(parts, axis=1)


def taken(rows: Rows, questions: Questions, kinds: Sequence[str], kind_names: Sequence[str], n_items: int) -> Mask:
    """Which rows were taken in one of these ways, any where none is named, bool (rows,)."""
    owner = np.repeat(np.arange(len(questions)), np.diff(questions.offsets))
    wanted = np.ones(len(questions.items), dtype=np.bool_)
    if kinds:
        wanted = np.isin(questions.kinds, [at for at, name in enumerate(kind_names) if name in kinds])
    answers = owner[wanted] * n_items + questions.items[wanted]
    asked = np.repeat(np.arange(len(questions)), np.diff(rows.offsets)) * n_items + rows.items
    return np.isin(asked, answers)


def end_to_end(tables: Sequence[RankingTable]) -> RankingTable:
    """All questions of all tables."""
    ends = np.cumsum([0, *(len(one.taken) for one in tables)])
    return RankingTable(
        tables[0].names,
        np.concatenate([one.values for one in tables]),
        np.concatenate([[0], *(one.offsets[1:] + end for one, end in zip(tables, ends[:-1], strict=True))]),
        np.concatenate([one.taken for one in tables]),
        np.concatenate([one.weights for one in tables]),
    )
