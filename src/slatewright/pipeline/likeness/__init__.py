"""How alike items are, between 0 and 1."""

import numpy as np

from slatewright.core.errors import BadInput
from slatewright.data.catalogue import Catalogue
from slatewright.models.shapes import DensePairs, Factors, ItemPairs
from slatewright.models.shapes.fact_factors import FactedFactors
from slatewright.models.shapes.item_vectors import ItemVectors
from slatewright.pipeline.likeness.contracts import Alike, Likeness
from slatewright.pipeline.likeness.pairs import ByAllPairs, ByPairs
from slatewright.pipeline.likeness.rows import ByRows, lengths_of
from slatewright.pipeline.likeness.vectors import ByVectors
from slatewright.pipeline.world import World

__all__ = ["DEFINITE", "TELLING", "Alike", "ByVectors", "Likeness", "definite_likeness_of", "likeness_of"]

DEFINITE = (Factors, FactedFactors, ItemVectors)  # models whose likeness is positive semi-definite
TELLING = (*DEFINITE, ItemPairs, DensePairs)  # models that say how alike items are


def likeness_of(world: World, model: str | None, asked_by: str) -> Likeness:
    """The likeness by a model's factors, pairs or features; by categories where no model is named.

    Raises:
        BadInput: the model tells nothing of the kind.
    """
    if model is None:
        return _by_categories(world.catalogue)
    fitted = world.model(model, asked_by=asked_by)
    if isinstance(fitted, ItemPairs):
        return ByPairs(fitted.offsets, fitted.neighbors, fitted.similarities)
    if isinstance(fitted, DensePairs):
        return ByAllPairs(fitted.pairs)
    return _by_vectors(fitted, TELLING, asked_by, definite=False)


def definite_likeness_of(world: World, model: str | None, asked_by: str) -> Likeness:
    """The same, and every matrix of it is positive semi-definite: what a determinant needs.

    Raises:
        BadInput: the model tells nothing of the kind.
    """
    if model is None:
        return _by_categories(world.catalogue)
    return _by_vectors(world.model(model, asked_by=asked_by), DEFINITE, asked_by, definite=True)


def _by_vectors(fitted: object, telling: tuple[type, ...], asked_by: str, *, definite: bool) -> Likeness:
    if isinstance(fitted, FactedFactors):
        fitted = fitted.factors
    if isinstance(fitted, Factors):
        return ByVectors(np.asarray(fitted.item_factors), definite)
    if isinstance(fitted, ItemVectors):
        rows = fitted.rows
        lengths = lengths_of(rows.offsets, rows.values)
        return ByRows(rows.offsets, rows.columns, rows.values, lengths, fitted.space.n_features, shared_of_all=False)
    names = " or ".join(one.__name__ for one in telling)
    learned = getattr(fitted, "shape", type(fitted).__name__)
    raise BadInput(f"{asked_by} must name an estimator that learns {names}, got one that learns {learned}")


def _by_categories(catalogue: Catalogue) -> Likeness:
    """Shared categories over all categories of the two (Jaccard), which is positive semi-definite."""
    ones = np.ones(len(catalogue.categories), dtype=np.float32)
    sizes = np.diff(catalogue.category_offsets).astype(np.float32)
    width = len(catalogue.category_names)
    return ByRows(catalogue.category_offsets, catalogue.categories, ones, sizes, width, shared_of_all=True)
