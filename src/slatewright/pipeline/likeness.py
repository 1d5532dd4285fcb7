"""How alike items are, between 0 and 1."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Index, Scores
from slatewright.core.errors import BadInput
from slatewright.data.catalogue import Catalogue
from slatewright.models.shapes import DensePairs, Factors, ItemPairs
from slatewright.models.shapes.fact_factors import FactedFactors
from slatewright.models.shapes.item_vectors import ItemVectors
from slatewright.pipeline.world import World

TELLING = (Factors, FactedFactors, ItemPairs, DensePairs, ItemVectors)  # models that say how alike items are
Likeness: TypeAlias = Callable[[Index], Scores]  # items (n,) -> float32 (n, n)


def likeness_of(world: World, model: str | None) -> Likeness:
    """The likeness by a model's factors, pairs or features; by categories where no model is named.

    Raises:
        BadInput: the model has neither.
    """
    if model is None:
        return _by_categories(world.catalogue)
    asked_by = f"MMR(model={model!r})"
    fitted = world.model(model, asked_by=asked_by)
    if isinstance(fitted, Factors):
        return _by_factors(fitted)
    if isinstance(fitted, FactedFactors):
        return _by_factors(fitted.factors)
    if isinstance(fitted, ItemPairs):
        n = len(fitted.prior)
        return _by_pairs(sparse.csr_matrix((fitted.similarities, fitted.neighbors, fitted.offsets), shape=(n, n)))
    if isinstance(fitted, DensePairs):
        return _by_pairs(fitted.pairs)
    if isinstance(fitted, ItemVectors):
        return _by_features(fitted)
    names = " or ".join(one.__name__ for one in TELLING)
    raise BadInput(f"{asked_by} must name an estimator that learns {names}, got one that learns {fitted.shape}")


def _by_factors(model: Factors) -> Likeness:
    """Cosine of the item factors, negative ones cut to 0."""

    def likeness(items: Index) -> Scores:
        factors = model.item_factors[items]
        lengths = np.linalg.norm(factors, axis=1, keepdims=True)
        unit = factors / np.maximum(lengths, np.float32(1e-12))
        alike: Scores = np.clip(unit @ unit.T, 0, 1)
        return alike

    return likeness


def _by_pairs(pairs: sparse.csr_matrix | Scores) -> Likeness:
    """The stored similarity (n_items, n_items), the larger of the two directions, cut to 0..1."""

    def likeness(items: Index) -> Scores:
        some: Any = pairs[np.ix_(items, items)]
        part: Scores = some.toarray() if sparse.issparse(some) else some
        alike: Scores = np.clip(np.maximum(part, part.T), 0, 1)
        return alike

    return likeness


def _by_features(model: ItemVectors) -> Likeness:
    """Cosine of the sparse rows of the items' facts; none is negative."""
    rows = model.rows.matrix(model.space.n_features)

    def likeness(items: Index) -> Scores:
        part = rows[items]
        alike = (part @ part.T).toarray()
        lengths = np.sqrt(np.maximum(alike.diagonal(), np.float32(1e-12)))
        cosine: Scores = np.minimum(alike / lengths[:, None] / lengths, 1)
        return cosine

    return likeness


def _by_categories(catalogue: Catalogue) -> Likeness:
    """Shared categories over all categories of the two (Jaccard)."""
    n, width = len(catalogue), len(catalogue.category_names)
    ones = np.ones(len(catalogue.categories), dtype=np.float32)
    shelves = sparse.csr_matrix((ones, catalogue.categories, catalogue.category_offsets), shape=(n, width))

    def likeness(items: Index) -> Scores:
        part = shelves[items]
        shared = (part @ part.T).toarray()
        sizes = shared.diagonal()
        union = sizes[:, None] + sizes[None, :] - shared
        alike: Scores = shared / np.maximum(union, 1)
        return alike

    return likeness
