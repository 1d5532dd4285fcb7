"""The items whose vectors have the largest inner product with a vector, found without looking at all of them.

Two parts. The longest vectors win against nearly everybody, and mislead a graph that is walked by inner products: they
are scored exactly. All others stand in a graph (Malkov and Yashunin: Efficient and robust approximate nearest neighbor
search using Hierarchical Navigable Small World graphs, TPAMI 2020; by usearch), in four, two or one byte a number. Norm
ranging is the idea of Yan et al. (Norm-Ranging LSH for Maximum Inner Product Search, NeurIPS 2018), here with two
ranges. What the graph finds is scored again with the full vectors, so only which items are found is approximate.
"""

import importlib
from dataclasses import dataclass, replace
from typing import Any, Self, TypeAlias

import numba
import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Scores
from slatewright.core.errors import BadBundle
from slatewright.models.costs import GATHERS, Cost
from slatewright.models.products import dots, products
from slatewright.models.topk import best_first, top_k

Precision: TypeAlias = str
PRECISIONS: dict[Precision, str] = {"int8": "i8", "f16": "f16", "f32": "f32"}
HEAD = 4096  # so many vectors are scored in about 30 microseconds
CONNECTIVITY = 16
EXPANSION_ADD = 128
EXPANSIONS = (64, 128, 256, 512, 1024)  # how many items the graph is asked for; more take longer and find more
EXACT = 0  # the expansion of an index that did not find enough: it is not to be used
BYTES_PER_NODE = 1000  # of a graph while it grows, besides its numbers
LARGEST = 127  # of a number in one byte
LEAST = 1e-30  # numbers below this are 0 in one byte
BLOCK = 64  # queries whose exact answers are held at once


@dataclass(frozen=True)
class NearestIndex:
    """What is kept of an index: ``head`` int32, the items that are always scored, and ``graph`` uint8, the others.

    ``expansion`` is how many items the graph is asked for, 0 where not even the most found the ``recall`` that was
    wanted: the share of the exact ``limit`` best that was found, a mean over queries.
    """

    head: Index
    graph: Array
    precision: Precision
    limit: int
    expansion: int
    recall: float

    @classmethod
    def built(cls, vectors: Scores, queries: Scores, *, precision: Precision, limit: int, recall: float) -> Self:
        """The index of ``vectors`` float32 (n, d) with the least effort that reaches a recall for some queries (m, d).

        An item without a vector (all zeros) is not in it. Built on one thread: the same vectors give the same bytes.
        """
        lengths = np.linalg.norm(vectors, axis=1)
        order = np.argsort(-lengths, kind="stable").astype(np.int32)
        head, tail = np.sort(order[:HEAD]), np.sort(order[HEAD:])
        graph = _graph(vectors, tail[lengths[tail] > 0], precision)
        index = cls(head, np.frombuffer(bytes(graph.save()), dtype=np.uint8), precision, limit, EXACT, 0.0)
        wanted = _exact(vectors, queries, limit)
        for expansion in EXPANSIONS:
            index = replace(index, expansion=expansion)
            index = replace(index, recall=_recall(index.over(vectors), queries, wanted))
            if index.recall >= recall:
                return index
        return replace(index, expansion=EXACT)

    def over(self, vectors: Scores) -> "Nearest":
        """Open it over the vectors it was built from; ``graph`` is walked where it lies, also in a mapped file.

        Raises:
            BadBundle: the graph is none.
        """
        try:
            graph = _usearch().Index.restore(np.ascontiguousarray(self.graph), view=True)
        except (RuntimeError, ValueError) as error:
            raise BadBundle(f"an index of nearest items cannot be read: {error}; train again") from error
        if graph is None or graph.ndim != vectors.shape[1]:
            raise BadBundle("an index of nearest items is not one of these vectors; train again")
        graph.expansion_search = self.expansion
        return Nearest(self, graph, vectors, np.ascontiguousarray(vectors[self.head]))

    def arrays(self) -> Arrays:
        """The index for a bundle."""
        numbers = np.array([list(PRECISIONS).index(self.precision), self.limit, self.expansion], dtype=np.int64)
        return {"head": self.head, "graph": self.graph, "numbers": numbers, "recall": np.array([self.recall])}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """The index again, from arrays that may be memory-mapped."""
        precision, limit, expansion = arrays["numbers"].tolist()
        names = list(PRECISIONS)
        return cls(arrays["head"], arrays["graph"], names[precision], limit, expansion, float(arrays["recall"][0]))

    def told(self) -> dict[str, Any]:
        """What the card says of it."""
        return {
            "precision": self.precision,
            "limit": self.limit,
            "recall": round(self.recall, 4),
            "expansion": self.expansion,
            "scored_exactly": len(self.head),
            "bytes": len(self.graph),
            "used": self.expansion != EXACT,
        }


@dataclass(frozen=True)
class Nearest:
    """An index that is open: ``find`` may be called from any number of threads."""

    index: NearestIndex
    graph: Any
    vectors: Scores
    head_vectors: Scores

    def find(self, vector: Scores, limit: int) -> tuple[Index, Scores]:
        """About the ``limit`` items with the largest inner product with a vector (d,), best first, and the products."""
        asked = max(self.index.expansion, self.index.expansion * limit // self.index.limit)
        keys = self.graph.search(_packed(vector, self.index.precision), asked, threads=1).keys.astype(np.int32)
        items = np.concatenate([self.index.head, keys])
        scores = np.concatenate([products(vector[None], self.head_vectors)[0], dots(vector, self.vectors, keys)])
        if limit < len(items):
            kept = np.argpartition(-scores, limit)[:limit]
            items, scores = items[kept], scores[kept]
        order = best_first(items, scores)
        return items[order], scores[order]


def index_cost(n_items: int, dim: int, precision: Precision) -> Cost:
    """What it costs to build an index of so many vectors, on one thread; as measured on up to 100,000 of them."""
    bytes_each = {"int8": 1, "f16": 2, "f32": 4}[precision]
    memory = n_items * (BYTES_PER_NODE + dim * (8 + 2 * bytes_each))
    return Cost(memory, {GATHERS: n_items * (5e4 + 250.0 * dim) * numba.get_num_threads()})


def _usearch() -> Any:
    """The library; a tenth of a second to load, so only where something is indexed."""
    return importlib.import_module("usearch.index")


def _graph(vectors: Scores, items: Index, precision: Precision) -> Any:
    graph = _usearch().Index(
        ndim=vectors.shape[1],
        metric="ip",
        dtype=PRECISIONS[precision],
        connectivity=CONNECTIVITY,
        expansion_add=EXPANSION_ADD,
        enable_key_lookups=False,
    )
    if len(items):
        graph.add(items, _packed(vectors[items], precision), threads=1)
    return graph


def _packed(vectors: Scores, precision: Precision) -> Array:
    """Numbers as the graph is given them: for one byte each, in whole parts of the largest one."""
    if precision != "int8":
        return vectors
    largest = max(float(np.abs(vectors).max(initial=0.0)), LEAST)
    whole: Array = np.rint(vectors * np.float32(LARGEST / largest)).astype(np.int8)
    return whole


def _exact(vectors: Scores, queries: Scores, limit: int) -> Scores:
    """The scores of the ``limit`` best of each query, best first, float32 (m, limit)."""
    blocks = [queries[start : start + BLOCK] for start in range(0, len(queries), BLOCK)]
    return np.concatenate([top_k(products(block, vectors), limit)[1] for block in blocks])


def _recall(nearest: Nearest, queries: Scores, wanted: Scores) -> float:
    """The share of the wanted scores above 0 that is found, a mean over queries that want any; 1 where none does."""
    shares = []
    for query, exact in zip(queries, wanted, strict=True):
        n = int(np.count_nonzero(exact > 0))
        if n:
            found = nearest.find(query, len(exact))[1]
            enough = exact[n - 1] * np.float32(1 - 1e-5)  # sums in another order differ in their last digits
            shares.append(min(1.0, np.count_nonzero(found >= enough) / n))
    return float(np.mean(shares)) if shares else 1.0
