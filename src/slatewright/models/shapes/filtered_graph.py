"""A graph of users and items and a filter on it: what you did reaches items through the people who did the same.

The pairs of items are never written out: a history walks to its items' users and on to their items, and a few smooth
directions of the graph add what such walks of any length would.
"""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Offsets, Scores
from slatewright.core.chunks import equal_chunks, in_chunks
from slatewright.core.kernels import kernel
from slatewright.data.histories import Histories
from slatewright.models.fading import faded_as_stored
from slatewright.models.model import Known, Model
from slatewright.models.products import products
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class FilteredGraph(Model):
    """With ``A`` the normalised graph (n_users, n_items) and ``V`` the ``item_factors`` float32 (n_items, d), a history
    with weights s scores (s * history_scale) (A.T A + V diag(response) V.T) * item_scale.

    ``A`` is held by user (``user_offsets`` int64 (n_users + 1,), ``user_items`` int32, ``user_values`` float32) and by
    item (``item_offsets``, ``item_users``, ``item_values``). ``response`` float32 (d,); ``history_scale`` and
    ``item_scale`` float32 (n_items,). ``prior`` float32 (n_items,) answers a history that says nothing. An event fades
    by ``half_life_days`` float64 (1,), infinite: never, before ``as_of`` int64 (1,).
    """

    user_offsets: Offsets
    user_items: Index
    user_values: Scores
    item_offsets: Offsets
    item_users: Index
    item_values: Scores
    item_factors: Scores
    response: Scores
    history_scale: Scores
    item_scale: Scores
    prior: Scores
    half_life_days: Array
    as_of: Array
    shape: ClassVar[str] = "filtered_graph"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        known = self._faded(histories)
        weights = known.weights * self.history_scale[known.items]
        smooth = self._smooth(known, weights) * self.response
        if items is None:
            out = products(smooth, self.item_factors)
            self._add_walks(known, weights, out)
            out *= self.item_scale
        else:
            walks = np.zeros((len(known), len(self.prior)), dtype=np.float32)
            self._add_walks(known, weights, walks)
            out = (walks[:, items] + products(smooth, self.item_factors[items])) * self.item_scale[items]
        silent = _sums(known.offsets, np.abs(known.weights)) == 0
        out[silent] = self.prior if items is None else self.prior[items]
        return out

    def _smooth(self, histories: Histories, weights: Scores) -> Scores:
        """The history in the smooth directions, float32 (n, d)."""
        out = np.zeros((len(histories), self.item_factors.shape[1]), dtype=np.float32)
        in_chunks(
            lambda begin, end: _add_factors(
                histories.offsets[begin : end + 1], histories.items, weights, self.item_factors, out[begin:end]
            ),
            equal_chunks(len(out), len(weights) // max(1, len(out)) * out.shape[1]),
        )
        return out

    def _add_walks(self, histories: Histories, weights: Scores, out: Scores) -> None:
        """Add what every walk item - user - item brings, to float32 (n, n_items)."""
        by_item, by_user = self._graph()
        per_event = len(self.user_items) ** 2 // max(1, len(self.prior) * (len(self.user_offsets) - 1))
        in_chunks(
            lambda begin, end: _add_walks(
                histories.offsets[begin : end + 1], histories.items, weights, *by_item, *by_user, out[begin:end]
            ),
            equal_chunks(len(out), len(self.prior) // 16 + per_event * len(weights) // max(1, len(out))),
        )

    def _graph(self) -> tuple[tuple[Offsets, Index, Scores], tuple[Offsets, Index, Scores]]:
        return (
            (self.item_offsets, self.item_users, self.item_values),
            (self.user_offsets, self.user_items, self.user_values),
        )

    def _faded(self, histories: Histories) -> Histories:
        return faded_as_stored(histories, self.as_of, self.half_life_days)

    def arrays(self) -> Arrays:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "known"}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, **arrays)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        alone = Histories(
            np.arange(len(items) + 1, dtype=np.int64),
            np.asarray(items, dtype=np.int32),
            np.ones(len(items), dtype=np.float32),
            np.repeat(self.as_of, len(items)),
        )
        scores = self.score(alone)
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.prior) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        walks = np.zeros((1, len(self.prior)), dtype=np.float32)
        self._add_walks(Histories.of([[item]]), np.ones(1, dtype=np.float32), walks)
        smooth = self.item_factors[history.items] @ (self.response * self.item_factors[item])
        weights = self._faded(history).weights * self.history_scale[history.items]
        parts: Scores = weights * (walks[0, history.items] + smooth) * self.item_scale[item]
        return parts


def _sums(offsets: Offsets, weights: Scores) -> Array:
    """The sum of each history's weights, float64 (n,)."""
    sums: Array = np.diff(np.concatenate([[0.0], np.cumsum(weights, dtype=np.float64)])[offsets])
    return sums


@kernel(fastmath=True)
def _add_factors(offsets: Any, items: Any, weights: Any, factors: Any, out: Any) -> None:
    for row in range(len(out)):
        for event in range(offsets[row], offsets[row + 1]):
            item, weight = items[event], weights[event]
            for f in range(out.shape[1]):
                out[row, f] += weight * factors[item, f]


@kernel(fastmath=True)
def _add_walks(
    offsets: Any, items: Any, weights: Any, item_offsets: Any, users: Any, item_values: Any, user_offsets: Any,
    user_items: Any, user_values: Any, out: Any,
) -> None:  # fmt: skip
    """Two steps with a halt at the users, so that a user whom many items lead to is walked on from once."""
    reached = np.zeros(len(user_offsets) - 1, dtype=np.float32)
    for row in range(len(out)):
        for event in range(offsets[row], offsets[row + 1]):
            item, weight = items[event], weights[event]
            for at in range(item_offsets[item], item_offsets[item + 1]):
                reached[users[at]] += weight * item_values[at]
        for user in range(len(reached)):
            weight = reached[user]
            if weight != 0:
                reached[user] = 0
                for at in range(user_offsets[user], user_offsets[user + 1]):
                    out[row, user_items[at]] += weight * user_values[at]
