"""A score that learns from what people did next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, cast

import numpy as np

from slatewright.core.arrays import Array, Scores
from slatewright.core.errors import BadInput, BadKnob
from slatewright.core.knobs import Knob, check_knobs
from slatewright.features.contracts import Feature
from slatewright.features.sets import FeatureSet
from slatewright.models.rankers import LambdaRank
from slatewright.models.rankers.contracts import Ranker
from slatewright.pipeline.contracts import Candidates, Query, Score
from slatewright.pipeline.scores.columns import Columns, SourceRank
from slatewright.pipeline.scores.lessons import Lessons
from slatewright.pipeline.scores.objectives import Objective
from slatewright.pipeline.scores.reading import Reader
from slatewright.pipeline.taught import PLACE, Taught, secant
from slatewright.pipeline.world import World

BASE = "base"


@dataclass(frozen=True)
class LearnedScore:
    """Mark each candidate with what it is expected to bring: the chance of each objective, times what that is worth.

    ``features`` are columns of the request (``ModelSays``, ``SourceRank``) and features of ``slatewright.features``.
    With too few questions to learn an order from, ``otherwise`` marks: where it is None, the agreement of the sources.
    """

    features: Annotated[tuple[Columns | Feature, ...], Knob("what the ranker looks at")] = (SourceRank(),)
    ranker: Annotated[Ranker, Knob("what learns the order")] = field(default_factory=LambdaRank)
    objectives: Annotated[tuple[Objective, ...], Knob("what is to come of a candidate, and its worth")] = (Objective(),)
    lessons: Annotated[Lessons, Knob("how the log is replayed to learn from")] = field(default_factory=Lessons)
    otherwise: Annotated[object, Knob("the score where too little happened to learn from")] = None

    def __post_init__(self) -> None:
        check_knobs(self)
        if not self.features or not self.objectives:
            raise BadKnob("LearnedScore must have features and objectives, got none")
        for one in self.features:
            if not isinstance(one, Columns) and not hasattr(one, "planned"):
                raise BadKnob(f"LearnedScore.features must be columns or features, got {one!r}")

    @property
    def columns(self) -> tuple[Columns, ...]:
        """What is read from the request and its candidates."""
        return tuple(one for one in self.features if isinstance(one, Columns))

    @property
    def counted(self) -> FeatureSet | None:
        """What is counted and read from histories."""
        features = tuple(one for one in self.features if not isinstance(one, Columns))
        return FeatureSet(features) if features else None

    def reader(self, world: World, sources: Sequence[str]) -> Reader:
        """What reads the columns; ``sources`` are the names of the recipe's."""
        counted = self.counted
        bound = None if counted is None else world.features or counted.bind(world.catalogue)
        return Reader(world, self.columns, tuple(sources), bound)

    def bind(self, world: World) -> Score:
        """Look up what was taught.

        Raises:
            BadInput: it was taught other columns, or an objective's worth is no fact of the items.
        """
        taught = world.taught
        if taught is None or not taught.chances:
            return Untaught("learned", None if self.otherwise is None else cast(Any, self.otherwise).bind(world))
        reader = self.reader(world, taught.sources)
        columns = (*reader.names, *taught.columns[len(reader.names) :])
        if columns != taught.columns or len(columns) != len(reader.names) + taught.placed:
            raise BadInput("the learned score was taught other features than the recipe has now; train again")
        worths = tuple(one.worths(world.catalogue) for one in self.objectives)
        return BoundLearned("learned", reader, taught, tuple(one.name for one in self.objectives), worths)


@dataclass(frozen=True)
class Untaught:
    """Nothing was learned: another score marks, or the sources."""

    name: str
    otherwise: Score | None

    def mark(self, query: Query, candidates: Candidates) -> Scores:
        """The marks of the other score."""
        return candidates.scores if self.otherwise is None else self.otherwise.mark(query, candidates)


@dataclass(frozen=True)
class BoundLearned:
    """The learned score over a world; ``worths`` float64 (n_items,), one for each objective."""

    name: str
    reader: Reader
    taught: Taught
    objectives: tuple[str, ...]
    worths: tuple[Array, ...]

    @property
    def asks_shown(self) -> bool:
        """Whether it looks at what the user was shown lately."""
        return self.reader.features is not None and self.reader.features.asks_shown

    def mark(self, query: Query, candidates: Candidates) -> Scores:
        """What each candidate is expected to bring, float32 (n,)."""
        query.read.pop(self.name, None)  # counters move: a mark is made of what they say now
        chances = self.chances(query, candidates)
        total = np.zeros(len(candidates.items))
        for name, worth in zip(self.objectives, self.worths, strict=True):
            total += chances[name] * worth[candidates.items]
        return total.astype(np.float32)

    def chances(self, query: Query, candidates: Candidates) -> dict[str, Array]:
        """How likely each objective is for each candidate, float64 (n,) by name."""
        values = self._values(query, candidates)
        return {name: one.of(values) for name, one in self.taught.chances.items()}

    def parts(self, query: Query, candidates: Candidates) -> dict[str, Scores]:
        """What each column adds to each mark, float32 (n,) by its name, that of a model for what the model says.

        They are SHAP values, brought from raw marks to chances by one factor a row, and sum to ``mark``.
        """
        values = self._values(query, candidates)
        total = np.zeros((len(values), values.shape[1] + 1))
        for name, worth in zip(self.objectives, self.worths, strict=True):
            chance, worths = self.taught.chances[name], worth[candidates.items]
            raw = chance.ranker.parts(values)
            base = float(raw[0, -1]) if len(raw) else 0.0
            per_mark, start = secant(chance.calibration, raw.sum(axis=1), base)
            total[:, :-1] += raw[:, :-1] * (per_mark * worths)[:, None]
            total[:, -1] += start * worths
        return self._named(total)

    def _values(self, query: Query, candidates: Candidates) -> Scores:
        """The columns, read once per query and candidates: whoever asks for the parts gets those of the mark."""
        held = query.read.get(self.name)
        if held is not None and np.array_equal(held[0], candidates.items):
            return held[1]
        values = self.reader.read(query, candidates, more=self.taught.placed)
        if self.taught.placed:
            values[:, -1] = 1.0
        query.read[self.name] = candidates.items, values
        return values

    def _named(self, total: Array) -> dict[str, Scores]:
        found: dict[str, Scores] = {}
        for at, name in enumerate((*self.reader.groups, *((PLACE,) if self.taught.placed else ()), BASE)):
            found[name] = found.get(name, 0) + total[:, at].astype(np.float32)
        return found
