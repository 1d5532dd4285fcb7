"""Groups of features: what one column of facts becomes, learned once and applied to any row.

A group turns a column into CSR float32 (rows, features) by ``matrix``; what is known of a row has length 1, or about 1
with BM25, and a row of which nothing is known is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self, TypeAlias

import numpy as np
import polars as pl
from scipy import sparse

from slatewright.core.arrays import Array, Mask, Scores
from slatewright.data.encoding.fact_numbers import numbers_of
from slatewright.data.idmap import IdMap
from slatewright.models.content.tokens import READERS, counts, piece_counts

MOST_KNOTS = 32
SATURATION, LENGTH_SHARE = 1.2, 0.75  # k1 and b of BM25 (Robertson, Zaragoza: The Probabilistic Relevance Framework)


@dataclass(frozen=True)
class TokenGroup:
    """Words, pieces of words or categories of a column: the more often and the rarer, the more they weigh.

    ``rarity`` float32 (features,) is ``ln((1 + n) / (1 + rows)) + 1``. With ``bm25`` repeats count less and less, long
    texts count less, by ``typical`` tokens per row, and rows are divided by ``scale``; else rows have length 1.
    """

    column: str
    kind: str
    tokens: IdMap
    rarity: Scores
    bm25: bool
    typical: float
    scale: float

    @classmethod
    def fit(cls, fact: pl.Series, kind: str, *, bm25: bool, least: int, most: int) -> Self:
        """Learn the tokens that at least ``least`` rows have, the ``most`` most frequent of them.

        A category that every row has is left out: it tells nothing apart.
        """
        tokens = READERS[kind](fact)
        every = IdMap.of(tokens["token"])
        counted = counts(tokens, len(fact), every)
        if kind == "pieces":
            counted, every = piece_counts(tokens, len(fact), None)
        rows = np.bincount(counted.indices, minlength=len(every))
        often = np.argsort(-rows, kind="stable")[:most]
        useful = (rows >= least) & ((rows < len(fact)) | (kind != "categories"))
        kept = np.sort(often[useful[often]])
        rarity = (np.log((1 + len(fact)) / (1 + rows[kept])) + 1).astype(np.float32)
        names = IdMap(every.names.gather(kept))
        typical = float(counted.sum() / max(1, np.count_nonzero(np.diff(counted.indptr))))
        group = cls(fact.name, kind, names, rarity, bm25, typical, 1.0)
        if not bm25:
            return group
        lengths = _lengths(group.matrix(fact))
        scale = float(lengths[lengths > 0].mean()) if lengths.any() else 1.0
        return cls(fact.name, kind, names, rarity, bm25, typical, scale)

    def matrix(self, fact: pl.Series) -> sparse.csr_matrix:
        tokens = READERS[self.kind](fact)
        if self.kind == "pieces":
            counted, _ = piece_counts(tokens, len(fact), self.tokens)
        else:
            counted = counts(tokens, len(fact), self.tokens)
        if self.bm25:
            return self._saturated(counted, np.bincount(tokens["row"].to_numpy(), minlength=len(fact)))
        counted.data *= self.rarity[counted.indices]
        return _unit(counted)

    def only(self, there: Mask) -> Self:
        """With some of its tokens alone."""
        return replace(self, tokens=IdMap(self.tokens.names.filter(pl.Series(there))), rarity=self.rarity[there])

    def _saturated(self, counted: sparse.csr_matrix, lengths: Array) -> sparse.csr_matrix:
        if self.kind == "pieces":
            lengths = np.asarray(counted.sum(axis=1)).ravel()
        slack = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths / max(self.typical, 1e-9))
        often = np.repeat(slack, np.diff(counted.indptr))
        weighed = counted.data * (SATURATION + 1) / (counted.data + often) * self.rarity[counted.indices]
        counted.data = (weighed / self.scale).astype(np.float32)
        return counted

    @property
    def n_features(self) -> int:
        return len(self.tokens)

    def names(self) -> list[str]:
        sign = {"words": ":", "pieces": "~", "categories": "="}[self.kind]
        return [f"{self.column}{sign}{token}" for token in self.tokens]

    def words(self) -> list[str]:
        """What each feature says, to people; all pieces of words say the same."""
        if self.kind == "pieces":
            return [f"the spelling of {self.column}"] * self.n_features
        quote = '"' if self.kind == "words" else ""
        return [f"{self.column} {quote}{token}{quote}" for token in self.tokens]

    def card(self) -> dict[str, Any]:
        return {"column": self.column, "kind": self.kind, "bm25": self.bm25, "typical": self.typical,
                "scale": self.scale, "features": self.n_features}  # fmt: skip


@dataclass(frozen=True)
class NumberGroup:
    """A number as its place between knots: a value between two knots is partly each. Few values are a knot each.

    ``knots`` float64 (features,) rise; a missing number has no feature. Near numbers are alike and a sum of features
    can bend, which one scaled column cannot.
    """

    column: str
    knots: Array
    kind: str = "numbers"

    @classmethod
    def fit(cls, fact: pl.Series) -> Self:
        """Learn the knots: the values themselves, or quantiles of them; none where all values are the same."""
        given = _numbers(fact)
        given = given[np.isfinite(given)]
        values = np.unique(given)
        if len(values) > MOST_KNOTS:
            values = np.unique(np.quantile(given, np.linspace(0, 1, MOST_KNOTS)))
        return cls(fact.name, values if len(values) > 1 else values[:0])

    def matrix(self, fact: pl.Series) -> sparse.csr_matrix:
        given = _numbers(fact)
        rows = np.flatnonzero(np.isfinite(given)) if len(self.knots) else np.empty(0, dtype=np.int64)
        value = np.clip(given[rows], self.knots[0], self.knots[-1]) if len(rows) else given[rows]
        right = np.clip(np.searchsorted(self.knots, value), min(1, len(self.knots) - 1), len(self.knots) - 1)
        left = np.maximum(right - 1, 0)
        span = self.knots[right] - self.knots[left] if len(rows) else value
        part = np.where(span > 0, (value - self.knots[left]) / np.where(span > 0, span, 1), 1.0) if len(rows) else value
        entries = np.concatenate([1 - part, part]).astype(np.float32)
        places = (np.concatenate([rows, rows]), np.concatenate([left, right]))
        placed = sparse.csr_matrix((entries, places), shape=(len(fact), len(self.knots)))
        placed.sum_duplicates()
        placed.eliminate_zeros()
        return _unit(placed)

    @property
    def n_features(self) -> int:
        return len(self.knots)

    def names(self) -> list[str]:
        return [f"{self.column}≈{knot:g}" for knot in self.knots]

    def words(self) -> list[str]:
        """What each feature says, to people."""
        return [f"{self.column} about {knot:g}" for knot in self.knots]

    def card(self) -> dict[str, Any]:
        return {"column": self.column, "kind": self.kind, "features": self.n_features}


Group: TypeAlias = TokenGroup | NumberGroup


def _numbers(fact: pl.Series) -> Array:
    """The column as float64, NaN where nothing is known; a time as microseconds."""
    if fact.dtype.is_temporal():
        fact = fact.cast(pl.Datetime("us")) if fact.dtype == pl.Date else fact
        fact = fact.to_physical()
    return numbers_of(fact)


def _lengths(rows: sparse.csr_matrix) -> Array:
    lengths: Array = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return lengths


def _unit(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = _lengths(rows)
    rows.data = (rows.data / np.repeat(np.where(lengths > 0, lengths, 1), np.diff(rows.indptr))).astype(np.float32)
    return rows


def group_of(card: Mapping[str, Any], tokens: IdMap, numbers: Array) -> Group:
    """A group again, from its card, its names and its numbers (rarity, or knots)."""
    if card["kind"] == "numbers":
        return NumberGroup(card["column"], numbers)
    return TokenGroup(
        card["column"], card["kind"], tokens, numbers.astype(np.float32), card["bm25"], card["typical"], card["scale"]
    )
