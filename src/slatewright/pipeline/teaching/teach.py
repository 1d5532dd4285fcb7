"""Teach a learned score: what models that know only the past would have proposed, and what people then did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from slatewright.core.arrays import Mask, Scores, Weights
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.data.showings import SHOWN_SINCE
from slatewright.data.slates import showings
from slatewright.features.happenings import Events
from slatewright.models.rankers import LinearRanker
from slatewright.models.rankers.calibrating import WAYS
from slatewright.models.rankers.contracts import RankingTable
from slatewright.pipeline.scores.learned import LearnedScore
from slatewright.pipeline.scores.objectives import distinct
from slatewright.pipeline.scores.reading import Reader
from slatewright.pipeline.stages import Stages
from slatewright.pipeline.taught import PLACE, Chance, Taught
from slatewright.pipeline.teaching.asking import Asked, ask
from slatewright.pipeline.teaching.impressions import Impressions, place_weights, shown_slates
from slatewright.pipeline.teaching.questions import Questions, later_visits
from slatewright.pipeline.teaching.table import Rows, candidates_of, end_to_end, filled, shown_of, taken
from slatewright.pipeline.world import World

FEWEST = 0.1  # of the questions that trees want: with fewer nothing is learned at all


@dataclass(frozen=True)
class Past:
    """A world that knows nothing of the questions, its stages, and the log that they are replayed from.

    ``dataset`` has the ids of the world and also what came later; ``events`` is what features count.
    """

    world: World
    stages: Stages
    dataset: Dataset
    events: Events


@dataclass(frozen=True)
class Lesson:
    """Questions, their candidates, and all columns of those, float32 (rows, columns)."""

    questions: Questions
    rows: Rows
    values: Scores


def since_of(dataset: Dataset, share: float) -> int | None:
    """The instant from which on the latest share of the events lies; None where all happened at once."""
    times = dataset.interactions.time
    if len(times) == 0 or times.min() == times.max():
        return None
    at = min(int(len(times) * (1 - share)), len(times) - 1)
    return max(int(np.partition(times, at)[at]), int(times.min()) + 1)


def teach(score: LearnedScore, past: Past, shown: Impressions | None = None) -> Taught | None:
    """What a score learns from the events since the ``as_of`` of the past world; None where too little happened."""
    lessons, rng = score.lessons, np.random.default_rng(score.lessons.rng)
    sources = tuple(source.name for source in past.stages.sources)
    reader = score.reader(past.world, sources)
    slates = None if shown is None else shown_slates(shown, past.dataset, past.world.as_of, lessons.n_questions, rng)
    weights = None if slates is None else place_weights(slates, lessons.position)
    placed = slates is not None and weights is None and lessons.position != "ignore"
    visits = later_visits(past.dataset, past.world.as_of, lessons, rng)
    histories = _histories(past, reader, shown, (visits,) if slates is None else (visits, slates))
    drill = _Drill(past, reader, histories, placed)
    found = [drill.lesson(visits, candidates_of(drill.ask(visits), visits, reader, lessons.n_negatives, rng))]
    if slates is not None:
        found.append(drill.lesson(slates, shown_of(drill.ask(slates), slates, reader, weights)))
    columns = (*reader.names, *((PLACE,) if placed else ()))
    told = {"visits": len(visits), "slates": 0 if slates is None else len(slates)}
    chances = _chances(score, past, found, columns, rng)
    return None if chances is None else Taught(columns, sources, chances, placed, told)


@dataclass(frozen=True)
class _Drill:
    """How questions become lessons; ``histories`` are those of the whole data set, and what users were shown."""

    past: Past
    reader: Reader
    histories: Histories
    placed: bool

    def ask(self, questions: Questions) -> Iterator[Asked]:
        return ask(self.past.stages, self.past.world, self.past.dataset, questions, self.histories)

    def lesson(self, questions: Questions, rows: Rows) -> Lesson:
        values = filled(rows, questions, self.reader, self.histories, self.past.events, placed=self.placed)
        return Lesson(questions, rows, values)


def _histories(past: Past, reader: Reader, shown: Impressions | None, asked: Sequence[Questions]) -> Histories:
    """Everything that users did, and what those who are asked about were shown, where anything looks at that."""
    histories, dataset = past.dataset.histories(), past.dataset
    looked_at = past.stages.asks_shown or (reader.features is not None and reader.features.asks_shown)
    if shown is None or not looked_at:
        return histories
    users = np.zeros(dataset.n_users, dtype=np.bool_)
    for questions in asked:
        users[questions.users] = True
    since = past.world.as_of - SHOWN_SINCE
    found = showings(shown.slates, dataset.users, dataset.items, since, dataset.as_of, of=users)
    return replace(histories, shown=found)


def _chances(
    score: LearnedScore, past: Past, found: Sequence[Lesson], columns: tuple[str, ...], rng: np.random.Generator
) -> dict[str, Chance] | None:
    """What is learned of each objective; None where one of them hardly ever happened."""
    n = sum(len(one.questions) for one in found)
    checked = rng.random(n) < score.lessons.calibration_share
    thinned = np.concatenate([one.rows.thinned for one in found])
    chances = {}
    for name, kinds in distinct(score.objectives).items():
        table = end_to_end([_table(columns, one, kinds, past.dataset) for one in found])
        chance = _chance(score, table, thinned, checked)
        if chance is None:
            return None
        chances[name] = chance
    return chances


def _table(columns: tuple[str, ...], one: Lesson, kinds: Sequence[str], dataset: Dataset) -> RankingTable:
    right = taken(one.rows, one.questions, kinds, dataset.interactions.kinds, dataset.n_items)
    return RankingTable(columns, one.values, one.rows.offsets, right, one.rows.weights)


def _chance(score: LearnedScore, table: RankingTable, thinned: Weights, checked: Mask) -> Chance | None:
    """A ranker of most questions, and the calibration of its marks on the others."""
    taught, lessons = table.take(np.flatnonzero(~checked)), score.lessons
    n = len(taught.teaching())
    if n < max(1, FEWEST * lessons.least_questions):
        return None
    ranker = score.ranker if n >= lessons.least_questions else LinearRanker()
    fitted = ranker.fit(taught)
    others = replace(table, weights=table.weights * thinned).take(np.flatnonzero(checked))
    values = others.values.copy()
    if table.names[-1] == PLACE:
        values[:, -1] = 1.0
    return Chance(fitted, WAYS[lessons.calibrated_by](fitted.mark(values), others.taken, others.weights))
