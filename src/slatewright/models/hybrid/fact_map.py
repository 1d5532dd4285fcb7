"""From facts to factors: vectors for items that nobody took, in this shop or in another one.

A regression of what a factorisation learned on what is known besides, as in Gantner, Drumond, Freudenthaler, Rendle,
Schmidt-Thieme: Learning Attribute-to-Feature Mappings for Cold-Start Recommendations (ICDM 2010).
"""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Arrays, Frame, Mask, Scores
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng, generator
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.models.content.content import ABOUT_ITEMS
from slatewright.models.content.fact_features import FactFeatures
from slatewright.models.factorisation.sweeping import eigenbasis
from slatewright.models.hybrid.linear_map import LinearMap, slopes_of
from slatewright.models.model import Known
from slatewright.models.shapes.factors import Factors

TRIED = (0.3, 1.0, 3.0, 10.0, 30.0)  # penalties that are tried where none is given
MOST_TRIED = len(TRIED)
ENOUGH = 10  # items; with fewer nothing can be held out, and the middle penalty is taken


@dataclass(frozen=True)
class FactMap:
    """Learn what the vectors of a fitted factorisation owe to the facts of its items."""

    features: Annotated[FactFeatures, Knob("how the facts of items become features")] = ABOUT_ITEMS
    reg: Annotated[
        float | None, Knob("penalty of the map, in items; none: the best on items held out", above=0, search=(0.1, 100))
    ] = None
    validation_share: Annotated[float, Knob("share of the items held out to choose the penalty", above=0, below=1)] = (
        0.2
    )
    rng: Annotated[Rng, Knob("seed, or generator, of the choice of items held out")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def learn(self, model: Factors, facts: Frame) -> "FactorMap":
        """The map of a model; ``facts`` has one row per item of the model, as ``Dataset.item_facts``.

        Only items that somebody took teach.

        Raises:
            BadInput: the facts are not those of the model's items.
        """
        if facts.width and facts.height != len(model.known.items):
            raise BadInput(
                f"FactMap needs the facts of the model's {len(model.known.items)} items, got {facts.height} rows"
            )
        taught = took(model)
        space = self.features.learn(facts, taught if facts.height else None)
        rows, vectors = space.matrix(facts, len(taught))[taught], model.item_factors[taught]
        reg = self._chosen(rows, vectors) if self.reg is None else self.reg
        return FactorMap(LinearMap(space, *slopes_of(rows, vectors, reg)), _without_items(model), reg)

    def _chosen(self, rows: sparse.csr_matrix, vectors: Scores) -> float:
        """The penalty of the smallest squared error on items held out."""
        n = len(vectors)
        if n < ENOUGH or not rows.shape[1]:
            return TRIED[len(TRIED) // 2]
        order = generator(self.rng).permutation(n)
        cut = max(1, int(n * self.validation_share))
        judged, taught = np.sort(order[:cut]), np.sort(order[cut:])
        errors = []
        for reg in TRIED:
            slopes, centre = slopes_of(rows[taught], vectors[taught], reg)
            errors.append(float(np.square(centre + rows[judged] @ slopes - vectors[judged]).sum()))
        return TRIED[int(np.argmin(errors))]


@dataclass(frozen=True)
class FactorMap:
    """A map from facts into the space of a factorisation, with what else a model of that space needs.

    ``origin`` is the model without its items; ``reg`` the penalty that was used.
    """

    items: LinearMap
    origin: Factors
    reg: float

    def vectors(self, facts: Frame) -> Scores:
        """The vector that each row of facts gets, float32 (n, d)."""
        return self.items.vectors(facts, facts.height)

    def fill(self, model: Factors, dataset: Dataset) -> Factors:
        """The model with the items of a data set: those that somebody took keep their vectors, the others get theirs
        from their facts. ``model`` is the one that the map was learned from; ``dataset`` may be a later one."""
        return filled(model, self.items.vectors(dataset.item_facts, dataset.n_items), dataset)

    def transfer(self, dataset: Dataset) -> Factors:
        """A model of another shop, or of another part of this one: every item gets its vector from its facts.

        Nothing is learned from the events of that shop; its people are folded in from their histories as ever.
        """
        vectors = self.items.vectors(dataset.item_facts, dataset.n_items)
        weights = np.ones(dataset.n_items, dtype=np.float32)
        return _in_its_basis(replace(self.origin, item_factors=vectors, item_weights=weights), dataset)

    def arrays(self) -> Arrays:
        """Everything learned, as named arrays."""
        origin = {f"origin_{name}": array for name, array in self.origin.arrays().items()}
        return {**self.items.arrays("items"), **origin, "reg": np.array([self.reg])}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "FactorMap":
        """The map again, from arrays that may be memory-mapped."""
        origin = {name.removeprefix("origin_"): part for name, part in arrays.items() if name.startswith("origin_")}
        return cls(
            LinearMap.from_arrays(arrays, "items"), Factors.from_arrays(origin, _nobody()), float(arrays["reg"][0])
        )


def filled(model: Factors, vectors: Scores, dataset: Dataset) -> Factors:
    """The model with the items of a data set: those that somebody took keep their vectors, the others get ``vectors``
    float32 (n_items, d)."""
    known = model.known.items.positions(dataset.items.names)
    kept = known >= 0
    kept[kept] = took(model)[known[kept]]
    every = np.where(kept[:, None], np.float32(0), vectors)
    every[kept] = model.item_factors[known[kept]]
    weights = np.full(dataset.n_items, model.item_weights.max(initial=1.0), dtype=np.float32)
    weights[kept] = model.item_weights[known[kept]]
    return _in_its_basis(replace(model, item_factors=every, item_weights=weights), dataset)


def took(model: Factors) -> Mask:
    """Which items of a model somebody took, bool (n_items,)."""
    known = model.known
    return np.bincount(known.histories.items, minlength=len(known.items)) > 0


def _nobody() -> Known:
    return Known(IdMap.of([]), IdMap.of([]), Histories.of([]))


def _without_items(model: Factors) -> Factors:
    nothing = model.item_factors[:0]
    return replace(model, known=_nobody(), item_factors=nothing, item_weights=model.item_weights[:0])


def _in_its_basis(model: Factors, dataset: Dataset) -> Factors:
    """The model of a data set's items, its factors in the eigenbasis of their Gram matrix."""
    spectrum, rotation = eigenbasis(model.item_factors.T @ model.item_factors)
    return replace(
        model,
        known=Known(dataset.users, dataset.items, dataset.histories()),
        item_factors=model.item_factors @ rotation,
        spectrum=spectrum,
        typical=model.typical @ rotation,
        as_of=np.array([dataset.as_of], dtype=np.int64),
        crowd=np.matmul(rotation.T @ model.crowd, rotation, dtype=np.float32),
    )
