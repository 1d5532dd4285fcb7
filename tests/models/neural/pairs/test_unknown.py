import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from slatewright.data.histories import NOBODY, Histories
from slatewright.models.neural.pairs import unknown
from slatewright.models.neural.pairs.unknown import Owners, shares_of

RNG = np.random.default_rng(0)
ITEMS = RNG.standard_normal((6, 3), dtype=np.float32)
LISTS = [RNG.integers(0, 6, RNG.integers(1, 5)).tolist() for _ in range(200)]
MAP = RNG.standard_normal((3, 2), dtype=np.float32)
KNOWN = replace(Histories.of([*LISTS, []]), owners=np.arange(201, dtype=np.int32))
USERS = np.array([ITEMS[one].mean(axis=0) @ MAP + [1, -2] for one in LISTS] + [[9, 9]], dtype=np.float32)
OWNERS = Owners.learned(KNOWN, ITEMS, USERS)


def test_a_known_owner_has_the_row_that_was_learned() -> None:
    np.testing.assert_array_equal(OWNERS.rows(KNOWN, ITEMS)[:200], USERS[:200])


def test_a_stranger_is_mapped_as_known_users_are() -> None:
    expected = ITEMS[[1, 1, 4]].mean(axis=0) @ MAP + [1, -2]
    for strangers in (
        Histories.of([[1, 1, 4]]),
        replace(Histories.of([[1, 1, 4]]), owners=np.array([NOBODY], np.int32)),
    ):
        np.testing.assert_allclose(OWNERS.rows(strangers, ITEMS)[0], expected, atol=0.15)


def test_who_says_nothing_is_typical_also_a_known_user_who_never_came() -> None:
    typical = USERS[:200].mean(axis=0)
    np.testing.assert_allclose(OWNERS.rows(Histories.of([[]]), ITEMS)[0], typical, rtol=1e-4)
    np.testing.assert_allclose(OWNERS.rows(KNOWN.one(200), ITEMS)[0], typical, rtol=1e-4)


def test_shares_are_of_the_weights_above_nothing() -> None:
    histories = Histories.of([[0, 1, 0], [2], []], weights=[[1, 2, 1], [-1], []])
    shares, says = shares_of(histories, 3)
    np.testing.assert_allclose(shares.toarray(), np.array([[0.5, 0.5, 0], [0, 0, 0], [0, 0, 0]]))
    assert says.tolist() == [True, False, False]


def test_the_parts_of_a_history_add_up_to_what_is_mapped() -> None:
    history = Histories.of([[1, 1, 4]], weights=[[1, 2, 3]])
    parts = OWNERS.parts(history, ITEMS)
    np.testing.assert_allclose(parts.sum(axis=0) + OWNERS.map[0], OWNERS.rows(history, ITEMS)[0], rtol=1e-4)


def test_owners_come_back_from_a_bundle() -> None:
    back = Owners.from_arrays(OWNERS.arrays())
    np.testing.assert_array_equal(back.rows(KNOWN, ITEMS), OWNERS.rows(KNOWN, ITEMS))


def test_many_users_are_read_in_blocks_that_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown, "BLOCK", 30)
    np.testing.assert_allclose(Owners.learned(KNOWN, ITEMS, USERS).map, OWNERS.map, rtol=1e-3, atol=1e-5)


def test_a_map_is_learned_in_little_more_memory_than_the_rows_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown, "BLOCK", 1 << 10)
    n = 40_000
    histories = Histories.of((np.arange(n)[:, None] % 6).tolist())
    users, items = np.ones((n, 64), dtype=np.float32), np.ones((6, 64), dtype=np.float32)
    tracemalloc.start()
    Owners.learned(histories, items, users)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.5 * users.nbytes
