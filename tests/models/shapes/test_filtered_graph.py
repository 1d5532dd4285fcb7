"""A graph and a filter on it: each part by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from slatewright.core.arrays import Array
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.models.model import Known
from slatewright.models.shapes.filtered_graph import FilteredGraph

N_USERS, N_ITEMS = 7, 5


def drawn(seed: int = 0) -> tuple[FilteredGraph, Array]:
    """A model of random arrays, and its number for every pair of items, float64 (n_items, n_items)."""
    draw = np.random.default_rng(seed)
    by_user = sparse.random(N_USERS, N_ITEMS, 0.5, format="csr", dtype=np.float32, rng=draw)
    by_item = by_user.T.tocsr()
    factors, response = draw.standard_normal((N_ITEMS, 2), dtype=np.float32), np.array([0.5, 0.25], np.float32)
    before, after = draw.random((2, N_ITEMS), dtype=np.float32)
    users, items = (IdMap.of(f"{at:02d}" for at in range(n)) for n in (N_USERS, N_ITEMS))
    model = FilteredGraph(
        Known(users, items, Histories.of([[]] * N_USERS)),
        by_user.indptr.astype(np.int64), by_user.indices, by_user.data,
        by_item.indptr.astype(np.int64), by_item.indices, by_item.data,
        factors, response, before, after,
        prior=np.arange(N_ITEMS, dtype=np.float32), half_life_days=np.array([np.inf]), as_of=np.array([0]),
    )  # fmt: skip
    pairs = (by_user.T @ by_user).toarray() + factors * response @ factors.T
    return model, before[:, None] * pairs * after


def test_a_score_is_the_weighted_sum_over_pairs() -> None:
    model, pairs = drawn()
    histories = Histories.of([[0, 3, 3], [4], [2, 1]], [[1.0, 2.0, 0.5], [-1.0], [1.0, 1.0]])
    expected = [pairs[0] + 2.5 * pairs[3], -pairs[4], pairs[2] + pairs[1]]
    np.testing.assert_allclose(model.score(histories), expected, rtol=1e-5, atol=1e-6)
    some = np.array([4, 0], dtype=np.int32)
    np.testing.assert_allclose(model.score(histories, some), np.array(expected)[:, some], rtol=1e-5, atol=1e-6)


def test_a_history_that_says_nothing_gets_the_prior() -> None:
    model, pairs = drawn()
    scores = model.score(Histories.of([[], [1], [2]], [[], [0.0], [1.0]]))
    np.testing.assert_allclose(scores, [model.prior, model.prior, pairs[2]], rtol=1e-5)


def test_reasons_are_the_pairs_of_each_event() -> None:
    model, pairs = drawn(1)
    history = Histories.of([[0, 3]], [[1.0, 2.0]])
    np.testing.assert_allclose(model.reasons(history, 2), [pairs[0, 2], 2 * pairs[3, 2]], rtol=1e-5)


def test_similar_items_are_those_that_the_item_alone_would_bring() -> None:
    model, pairs = drawn(2)
    items, scores = model.similar(np.array([1], dtype=np.int32), 3)
    order = [item for item in np.argsort(-pairs[1], kind="stable") if item != 1][:3]
    assert items[0].tolist() == order
    np.testing.assert_allclose(scores[0], pairs[1][order], rtol=1e-5)


def test_old_events_of_a_history_fade() -> None:
    model, pairs = drawn()
    fading = replace(model, half_life_days=np.array([1.0]))
    history = Histories.of([[0, 1]], times=[[-2 * MICROSECONDS_PER_DAY, 0]])
    np.testing.assert_allclose(fading.score(history)[0], 0.25 * pairs[0] + pairs[1], rtol=1e-5)
    assert fading.reasons(history, 3) == pytest.approx([0.25 * pairs[0, 3], pairs[1, 3]], rel=1e-5)
