"""What is more common in a segment than among all, and how surely."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse
from scipy.special import xlogy

from slatewright.core.arrays import Array
from slatewright.data.catalogue import Catalogue

LEAST = 3  # what is told of a segment occurs in it at least so often
WORD = re.compile(r"[^\W\d_]{3,}")
SMALL_WORDS = frozenset({"and", "the", "for", "with", "from", "set", "des", "und", "der", "die", "les", "del"})


@dataclass(frozen=True)
class Counts:
    """How often each of m things occurs in each of k segments.

    ``inside`` float64 (k, m), out of ``sizes`` float64 (k,); ``everywhere`` float64 (m,), out of ``total``.
    """

    inside: Array
    sizes: Array
    everywhere: Array
    total: float

    @classmethod
    def of(cls, inside: Array, sizes: Array) -> "Counts":
        """The counts of all segments together are everybody's."""
        return cls(inside, np.maximum(sizes, 1), inside.sum(axis=0), max(float(sizes.sum()), 1.0))

    def through(self, things: sparse.csr_matrix) -> "Counts":
        """The same occurrences counted by what stands behind them; ``things`` CSR (m, others) of ones.

        Shares are then shares of occurrences.
        """
        inside = np.asarray(things.T.dot(self.inside.T)).T
        return Counts.of(inside, self.inside.sum(axis=1))

    def share(self, segment: int) -> Array:
        return np.asarray(self.inside[segment] / self.sizes[segment])

    def usual(self) -> Array:
        return np.asarray(self.everywhere / self.total)

    def most_over(self, segment: int, most: int) -> Array:
        """The things that are most surely over-represented, int64 (at most ``most``,), the surest first.

        By the log-likelihood ratio (Dunning 1993) of one share for all against one for the segment and one for the
        rest; ties go to the earlier thing.
        """
        inside, usual = self.inside[segment], self.usual()
        outside, rest = self.everywhere - inside, max(self.total - self.sizes[segment], 1.0)
        surprise = _likelihood(inside, self.sizes[segment], self.share(segment))
        surprise += _likelihood(outside, rest, outside / rest)
        surprise -= _likelihood(inside, self.sizes[segment], usual) + _likelihood(outside, rest, usual)
        surprise[(self.share(segment) <= usual) | (inside < LEAST)] = -np.inf
        order = np.lexsort((np.arange(len(surprise)), -surprise))[:most]
        return order[np.isfinite(surprise[order])]


def _likelihood(count: Array, of: Array | float, share: Array) -> Array:
    """The logarithm of the likelihood of ``count`` in ``of``, if each occurs with the chance ``share``."""
    clipped = np.clip(share, 1e-12, 1 - 1e-12)
    return np.asarray(xlogy(count, clipped) + xlogy(np.maximum(of - count, 0), 1 - clipped))


def shelves_of(catalogue: Catalogue) -> tuple[sparse.csr_matrix, list[str]]:
    """Which item stands in which category, CSR of ones (items, categories), and their names."""
    ones = np.ones(len(catalogue.categories), dtype=np.float32)
    names = catalogue.category_names
    shape = (len(catalogue), len(names))
    return sparse.csr_matrix((ones, catalogue.categories, catalogue.category_offsets), shape=shape), list(names)


def words_of(titles: Sequence[str | None]) -> tuple[sparse.csr_matrix, list[str]]:
    """Which title has which word, CSR of ones (titles, words), and the words: of three letters or more, lowered."""
    found = [sorted(set(WORD.findall(title.lower())) - SMALL_WORDS) if title else [] for title in titles]
    pairs = pl.DataFrame({"row": np.arange(len(found)), "word": pl.Series(found, dtype=pl.List(pl.String))})
    pairs = pairs.explode("word").drop_nulls("word")
    words = pairs["word"].unique().sort()
    place = pairs.join(pl.DataFrame({"word": words, "at": np.arange(len(words))}), on="word", maintain_order="left")[
        "at"
    ]
    ones = np.ones(pairs.height, dtype=np.float32)
    shape = (len(found), len(words))
    return sparse.csr_matrix((ones, (pairs["row"].to_numpy(), place.to_numpy())), shape=shape), words.to_list()
