"""A factorisation whose warm items get their vectors from their facts."""

from dataclasses import dataclass
from typing import Annotated

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.blends.parts import check_estimators
from slatewright.models.content.content import ABOUT_ITEMS
from slatewright.models.content.fact_features import FactFeatures
from slatewright.models.costs import STEPS, Cost, Costed, Size, csr_bytes
from slatewright.models.factorisation.als import ALS
from slatewright.models.hybrid.fact_map import MOST_TRIED, FactMap
from slatewright.models.model import Estimator, learned_by, may_learn
from slatewright.models.shapes.factors import Factors

USUAL = ALS()


@dataclass(frozen=True)
class FactMapped:
    """Any factorisation, and a map from facts to its factors for the items that nobody took.

    Gantner, Drumond, Freudenthaler, Rendle, Schmidt-Thieme: Learning Attribute-to-Feature Mappings for Cold-Start
    Recommendations (ICDM 2010).
    """

    estimator: Annotated[Estimator, Knob("what learns the factors")] = USUAL
    features: Annotated[FactFeatures, Knob("how the facts of items become features")] = ABOUT_ITEMS
    reg: Annotated[
        float | None, Knob("penalty of the map, in items; none: the best on items held out", above=0, search=(0.1, 100))
    ] = None

    def __post_init__(self) -> None:
        check_knobs(self)
        check_estimators(self, (self.estimator,))
        if not may_learn(self.estimator, (Factors,)):
            raise self._no_factors(*learned_by(self.estimator))

    def fit(self, dataset: Dataset) -> Factors:
        """Fit the factorisation, learn the map from its items, and fill in the others.

        Raises:
            BadKnob: the estimator does not give factors.
        """
        model = self.estimator.fit(dataset)
        if not isinstance(model, Factors):
            raise self._no_factors(type(model))
        return FactMap(self.features, self.reg).learn(model, dataset.item_facts).fill(model, dataset)

    def _no_factors(self, *given: type) -> BadKnob:
        gives = " or ".join(one.__name__ for one in given)
        return BadKnob(f"FactMapped.estimator must learn Factors, got {type(self.estimator).__name__}: {gives}")

    def cost(self, size: Size) -> Cost:
        """That of the factorisation, then of the map: tables of its slopes, and factors of items beside the mapped."""
        base = self.estimator.cost(size) if isinstance(self.estimator, Costed) else Cost(0.0)
        dim = float(getattr(self.estimator, "embedding_dim", 64))
        solves = 1 if self.reg is not None else 1 + MOST_TRIED
        own = {STEPS: solves * dim * (230.0 * size.n_entries() + 7600.0 * size.n_features)}
        work = {kind: base.work.get(kind, 0.0) + own.get(kind, 0.0) for kind in {*base.work, *own}}
        own_memory = 40.0 * size.n_features * dim + 4 * csr_bytes(size.n_items, size.n_entries())
        return Cost(max(base.memory, own_memory) + 8.0 * dim * size.n_items, work)
