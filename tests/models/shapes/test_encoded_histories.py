"""Encoded histories: a vector per history by a network that was never trained, and what follows from vectors."""

from functools import cache

import numpy as np

from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.models.model import Known
from slatewright.models.neural.networks import Spec
from slatewright.models.shapes.encoded_histories import EncodedHistories

N_ITEMS, LENGTH = 20, 6


@cache
def drawn() -> EncodedHistories:
    rng = np.random.default_rng(0)
    spec = Spec.of("sasrec", d=4, length=LENGTH, blocks=1, heads=1, dropout=0.0)
    known = Known(IdMap.of(["u"]), IdMap.of(f"i{at:02d}" for at in range(N_ITEMS)), Histories.of([[0]]))
    return EncodedHistories(
        known,
        rows=rng.normal(size=(N_ITEMS + 1, 4)).astype(np.float32),
        spec=spec.array(),
        length=np.array([LENGTH]),
        network=tuple(spec.initial(rng)),
        learning_curve=np.zeros((1, 2), np.float32),
    )


def test_scores_are_inner_products_of_vectors() -> None:
    histories = Histories.of([[1, 2, 3], [], [4] * 9])
    users, items = drawn().factored(histories)
    np.testing.assert_allclose(drawn().score(histories), users @ items.T, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(drawn().item_vectors, items)
    assert len(items) == N_ITEMS


def test_many_histories_read_in_several_blocks_are_read_as_alone() -> None:
    rng = np.random.default_rng(1)
    lists = [rng.integers(N_ITEMS, size=n).tolist() for n in rng.integers(12, size=170)]
    together = drawn().user_factors(Histories.of(lists))
    for at in (0, 7, 169):
        np.testing.assert_allclose(
            together[at], drawn().user_factors(Histories.of([lists[at]]))[0], rtol=1e-4, atol=1e-5
        )


def test_events_that_speak_against_an_item_are_not_read() -> None:
    some = Histories.of([[1, 2, 3]], weights=[[1, -1, 1]])
    np.testing.assert_allclose(drawn().score(some), drawn().score(Histories.of([[1, 3]])), rtol=1e-5)


def test_a_reason_is_what_the_score_loses_without_the_event() -> None:
    history = Histories.of([[5, 6, 7]])
    parts = drawn().reasons(history, 9)
    without = drawn().score(Histories.of([[6, 7], [5, 7], [5, 6]]))[:, 9]
    np.testing.assert_allclose(parts, drawn().score(history)[0, 9] - without, rtol=1e-3, atol=1e-5)


def test_alike_is_what_points_the_same_way() -> None:
    others, likeness = drawn().similar(np.array([3], dtype=np.int32), 2)
    unit = drawn().item_vectors / np.linalg.norm(drawn().item_vectors, axis=1, keepdims=True)
    cosines = np.delete(unit @ unit[3], 3)
    np.testing.assert_allclose(likeness[0], np.sort(cosines)[::-1][:2], rtol=1e-4)
    assert 3 not in others[0]
