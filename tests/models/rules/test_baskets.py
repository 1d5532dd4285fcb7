import numpy as np
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.histories import Histories
from slatewright.models.rules.baskets import Baskets, baskets_of, baskets_of_lists, faded_baskets

MINUTE = 60 * 1_000_000


def lists(baskets: Baskets) -> list[list[int]]:
    return [sorted(baskets.items[a:b].tolist()) for a, b in zip(baskets.offsets[:-1], baskets.offsets[1:], strict=True)]


def test_plain_lists_of_names() -> None:
    baskets, names = baskets_of_lists([["milk", "bread", "milk"], [], ("milk",)])
    assert list(names) == ["bread", "milk"]
    assert lists(baskets) == [[0, 1], [], [1]]
    assert len(baskets) == 3


def test_names_may_be_numbers() -> None:
    baskets, names = baskets_of_lists([[7, 10], [10]])
    assert list(names) == ["10", "7"]
    assert lists(baskets) == [[0, 1], [0]]


def test_a_pause_starts_a_new_basket() -> None:
    histories = Histories.of([[3, 4, 4, 5], [], [3]], times=[[0, MINUTE, MINUTE, 9 * MINUTE], [], [9 * MINUTE]])
    assert lists(baskets_of(histories, 6, 5)) == [[3, 4], [5], [3]]
    assert lists(baskets_of(histories, 6, 0)) == [[3], [4], [5], [3]]
    assert lists(baskets_of(histories, 6, None)) == [[3, 4, 5], [3]]


def test_only_events_of_weight_and_of_the_kinds() -> None:
    histories = Histories(
        np.array([0, 3]),
        np.array([1, 2, 3], np.int32),
        np.array([1, 0, 1], np.float32),
        np.zeros(3, np.int64),
        np.ones(3, np.float32),
        np.array([0, 0, 1], np.int8),
        ("purchase", "view"),
    )
    assert lists(baskets_of(histories, 4, None)) == [[1, 3]]
    assert lists(baskets_of(histories, 4, None, ("view",))) == [[3]]
    with pytest.raises(BadInput, match="there is no event of kind 'order'; the kinds are purchase, view"):
        baskets_of(histories, 4, None, ("order",))


def test_nobody_has_no_baskets() -> None:
    assert len(baskets_of(Histories.of([]), 3, 30)) == 0
    assert len(baskets_of(Histories.of([[], []]), 3, 30)) == 0


def test_old_baskets_are_worth_less_and_very_old_ones_nothing() -> None:
    day = 24 * 60 * MINUTE
    histories = Histories.of([[0, 1, 2], [3]], times=[[0, 90 * day, 100 * day], [100 * day]])
    faded = faded_baskets(histories, 4, 0, (), 100 * day, 10)
    assert faded.worth is not None
    assert lists(faded) == [[1], [2], [3]]
    assert faded.worth.tolist() == [128, 255, 255]
    assert faded_baskets(histories, 4, 0, (), 100 * day, None).worth is None


def test_names_of_mixed_kinds_are_taken_as_their_text() -> None:
    baskets, names = baskets_of_lists([[7, "milk", 2.5], [True]])
    assert list(names) == ["2.5", "7", "True", "milk"]
    assert lists(baskets) == [[0, 1, 3], [2]]
    assert list(baskets_of_lists([[10**30, 1]])[1]) == ["1", str(10**30)]
