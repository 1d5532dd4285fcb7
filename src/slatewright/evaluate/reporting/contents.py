"""What a report is made of, before anything is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from slatewright.evaluate.diagnosis.curves import Curve
from slatewright.evaluate.diagnosis.diagnosis import RatingsDiagnosis
from slatewright.evaluate.diagnosis.slicing import Slice
from slatewright.evaluate.evaluation import Breakdown, Evaluation, Group, Measured
from slatewright.evaluate.reporting.popularity_mix import PopularityMix
from slatewright.evaluate.reporting.slates import Sample
from slatewright.metrics.bootstrap import Interval
from slatewright.models.neural.epochs import EpochCurve


class Made(NamedTuple):
    """How a report came about: of which shop, as which run (None: not recorded), by which command."""

    shop: str
    run: str | None
    command: str


@dataclass(frozen=True)
class Report:
    """One evaluation, looked at from every side; ``main`` is the recommender that the page is about.

    ``alone`` is by how much the best other recommender but popularity leads ``main`` in NDCG, paired, with its name.
    ``lost_users`` and ``lost_items`` are groups by what is lost there. ``ratings`` are of models that predict them,
    ``epochs`` of those that were trained in epochs. ``missing`` says in a sentence each what is not on the page, and
    why.
    """

    made: Made
    evaluation: Evaluation
    main: str
    alone: tuple[str, Interval] | None
    lost_users: tuple[Slice, ...]
    lost_items: tuple[Slice, ...]
    mix: PopularityMix
    samples: tuple[Sample, ...]
    curves: tuple[Curve, ...] = ()
    ratings: Mapping[str, RatingsDiagnosis] = field(default_factory=dict)
    epochs: Mapping[str, EpochCurve] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def group(self) -> Group:
        """The question that the page is about."""
        return self.evaluation.groups[0]

    @property
    def ours(self) -> Measured:
        """The numbers of ``main``."""
        return self.group.of(self.main)

    @property
    def breakdowns(self) -> tuple[Breakdown, ...]:
        """By segments; of several folds those of the last one."""
        last = self.evaluation.folds[-1] if self.evaluation.folds else self.evaluation
        return last.breakdowns
