"""Cutting users or items into segments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Frame, Mask, Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng, generator
from slatewright.data.dataset import Dataset
from slatewright.models.segments.choosing import choose
from slatewright.models.segments.clustering import METHODS, Clusters, cluster
from slatewright.models.segments.spaces import EventSpace, has_facts
from slatewright.models.segments.vectors import event_space, fact_vectors, facts_model

OF = ("users", "items")
BY = ("history", "facts", "both")

NUMBER = Knob("how many segments; none: the number between 2 and 12 that stands apart best", least=2, search=(2, 40))
METHOD = Knob("k-means, or a tree by Ward's rule that is cut", choices=METHODS)
BY_WHAT = Knob("alike in what: who took what, the facts, or both in equal parts", choices=BY)
DIM = Knob("numbers per user and item that the events are brought down to", least=1, search=(4, 128))


@dataclass(frozen=True)
class Segmentation:
    """Groups of users that take alike, or of items that are taken by the same people."""

    of: Annotated[str, Knob("what is grouped", choices=OF)] = "users"
    n_segments: Annotated[int | None, NUMBER] = None
    method: Annotated[str, METHOD] = "kmeans"
    by: Annotated[str, BY_WHAT] = "history"
    embedding_dim: Annotated[int, DIM] = 16
    rng: Annotated[Rng, Knob("seed, or generator, of the first centres")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def segment(self, dataset: Dataset) -> "Segments":
        """The segments of a data set; equal knobs give equal segments."""
        seed = seed_of(self.rng)
        rows, known, space = _rows(self, dataset, seed)
        if not known.any():
            return Segments(self.of, None, rows[:0], known, space, {})
        if self.n_segments is None:
            found, tried = choose(rows[known], self.method, seed)
        else:
            found, tried = cluster(rows[known], self.n_segments, self.method, seed), {}
        return Segments(self.of, found, rows[known], known, space, tried)


@dataclass(frozen=True)
class Segments:
    """Who belongs together.

    ``known`` bool (n,): whether a user or item can be placed at all (it has events, or facts where these count).
    ``clusters`` are those of the known ones, in order of index, by their ``rows`` float32 (known, d); None where nobody
    is known. ``space`` is where histories lie; None where only facts count. ``tried``: the mean silhouette of each
    number of segments that was looked at.
    """

    of: str
    clusters: Clusters | None
    rows: Scores
    known: Mask
    space: EventSpace | None
    tried: Mapping[int, float]

    def __len__(self) -> int:
        return 0 if self.clusters is None else len(self.clusters)

    def members(self) -> list[np.ndarray]:
        """The indices of each segment, largest segment first."""
        if self.clusters is None:
            return []
        index = np.flatnonzero(self.known)
        return [index[self.clusters.labels == at] for at in range(len(self.clusters))]


def seed_of(rng: Rng) -> int:
    """A seed for scikit-learn, drawn where a generator was given."""
    return rng % 2**32 if isinstance(rng, int) else int(generator(rng).integers(2**32))


def _rows(knobs: Segmentation, dataset: Dataset, seed: int) -> tuple[Scores, Mask, EventSpace | None]:
    """A row for each user or item, float32 (n, d), whether it says anything, bool (n,), and the space of events."""
    users = knobs.of == "users"
    facts, n = (dataset.user_facts, dataset.n_users) if users else (dataset.item_facts, dataset.n_items)
    parts: list[Scores] = []
    space: EventSpace | None = None
    told = np.zeros(n, dtype=np.bool_)
    if knobs.by != "facts":
        space, items = event_space(dataset, knobs.embedding_dim, seed)
        rows = space.of(dataset.histories()) if users else items
        parts.append(rows)
        told |= rows.any(axis=1)
    if knobs.by != "history":
        rows, known = _fact_rows(facts, n)
        parts.append(rows)
        told |= known
    return np.hstack(parts), told, space


def _fact_rows(facts: Frame, n: int) -> tuple[Scores, Mask]:
    known = has_facts(facts, n)
    model = facts_model(facts, known)
    if model is None:
        return np.zeros((n, 1), dtype=np.float32), np.zeros(n, dtype=np.bool_)
    return fact_vectors(model, facts, known), known
