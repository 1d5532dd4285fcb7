from typing import Any

import pytest

from slatewright.core.errors import BadInput
from slatewright.events.records import Impression, Interaction, ItemUpdate, UserUpdate

GOOD: dict[str, Any] = {"event_id": "e", "user_id": "u", "item_id": "i", "kind": "view", "time": 0}


def test_an_interaction_counts_one_unless_told_otherwise() -> None:
    assert Interaction(**GOOD).value == 1.0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"user_id": ""}, r"Interaction\.user_id must be text that is not empty, got ''"),
        ({"item_id": 7}, r"Interaction\.item_id must be text that is not empty, got 7"),
        ({"kind": "\ud83d"}, r"Interaction\.kind must be valid Unicode"),
        ({"time": 1.5}, r"Interaction\.time must be whole microseconds UTC within the years 1 to 9999, got 1\.5"),
        ({"time": 10**18}, r"Interaction\.time must be whole microseconds UTC within the years 1 to 9999"),
        ({"value": float("nan")}, r"Interaction\.value must be a number of at most 3\.4e\+38, got nan"),
        ({"value": 1e39}, r"Interaction\.value must be a number of at most 3\.4e\+38, got 1e\+39"),
        ({"price": float("inf")}, r"Interaction\.price must be a number"),
        ({"quantity": True}, r"Interaction\.quantity must be a number"),
    ],
)
def test_a_bad_interaction_is_refused_by_field(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        Interaction(**{**GOOD, **wrong})


def test_an_impression_needs_one_propensity_per_item_or_none() -> None:
    shown = Impression("e", "s", None, ("a", "b"), 0, propensities=(0.5, 0.5))
    assert shown.propensities == (0.5, 0.5)
    with pytest.raises(BadInput, match=r"Impression\.propensities must be empty or as long as item_ids \(2\), got 1"):
        Impression("e", "s", None, ("a", "b"), 0, propensities=(0.5,))


def test_updates_need_a_name() -> None:
    with pytest.raises(BadInput, match=r"ItemUpdate\.item_id"):
        ItemUpdate("e", "", 0)
    with pytest.raises(BadInput, match=r"UserUpdate\.time"):
        UserUpdate("e", "u", "now")  # type: ignore[arg-type]
