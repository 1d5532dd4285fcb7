import numpy as np
import pytest

from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.models.model import Known
from slatewright.models.shapes.item_rules import ItemRules

DAY = 86_400 * 1_000_000


def model(half_life_days: float = np.inf) -> ItemRules:
    """Over five items: 0 -> 2 says .5; 0 and 1 -> 2 says .8; 1 -> 3 says .4. Prior .1 for item 4."""
    known = Known(IdMap.of([]), IdMap.of(["a", "b", "c", "d", "e"]), Histories.of([]))
    return ItemRules(
        known,
        rule_offsets=np.array([0, 2, 3, 3, 3, 3]),
        left_offsets=np.array([0, 1, 3, 4]),
        left=np.array([0, 0, 1, 1], np.int32),
        right=np.array([2, 2, 3], np.int32),
        marks=np.array([0.5, 0.8, 0.4], np.float32),
        prior=np.array([0, 0, 0, 0, 0.1], np.float32),
        half_life_days=np.array([half_life_days]),
        as_of=np.array([10 * DAY]),
    )


def test_the_strongest_rule_speaks() -> None:
    scores = model().score(Histories.of([[0], [1], [0, 1], [4]]))
    expected = [[0, 0, 0.5, 0, 0.1], [0, 0, 0, 0.4, 0.1], [0, 0, 0.8, 0.4, 0.1], [0, 0, 0, 0, 0.1]]
    np.testing.assert_allclose(scores, expected, rtol=1e-6)


def test_a_rule_is_as_strong_as_what_the_history_holds_least() -> None:
    scores = model().score(Histories.of([[0, 1], [0, 0]], weights=[[1.0, 0.75], [0.25, 0.5]]))
    np.testing.assert_allclose(scores[:, 2], [0.8 * 0.75, 0.5 * 0.75], rtol=1e-6)
    disliked = model().score(Histories.of([[0]], weights=[[-1.0]]))
    assert disliked[0, 2] == 0


def test_old_events_fire_rules_less() -> None:
    scores = model(half_life_days=10).score(Histories.of([[0]], times=[[0]]))
    assert scores[0, 2] == pytest.approx(0.25)


def test_reasons_are_the_items_of_the_strongest_rule() -> None:
    found = model().reasons(Histories.of([[0, 1, 4, 1]]), 2)
    np.testing.assert_allclose(found, [0.4, 0.2, 0, 0.2], rtol=1e-6)
    assert not model().reasons(Histories.of([[0, 1]]), 4).any()
    assert not model().reasons(Histories.of([[4]]), 2).any()


def test_similar_items_are_those_that_rules_of_one_item_name() -> None:
    items, scores = model().similar(np.array([0, 4], np.int32), 2)
    assert items[0, 0] == 2
    np.testing.assert_allclose(scores, [[0.5, 0.0], [0.0, 0.0]])
