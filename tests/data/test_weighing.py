from pathlib import Path

import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.weighing import Weighing, weighing_of
from slatewright.events.log import EventLog


def test_a_kind_weighs_what_the_settings_say_and_one_otherwise() -> None:
    weighing = Weighing({"cart": 3.0, "internal": 0.0})
    assert [weighing(kind, 1.0) for kind in ("cart", "internal", "hug")] == [3.0, None, 1.0]


def test_a_rating_below_the_positive_one_weighs_nothing() -> None:
    weighing = Weighing({"rating": 2.0}, positive_rating=3.0)
    assert [weighing("rating", value) for value in (1.0, 2.5, 3.0, 5.0)] == [0.0, 0.0, 2.0, 2.0]
    assert weighing("purchase", 1.0) == 1.0


def test_the_log_is_read_by_the_same_rule(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    events = {"event_id": ["1", "2", "3"], "user_id": ["u"] * 3, "item_id": ["bad", "good", "seen"]}
    told = {"kind": ["rating", "rating", "view"], "value": [1.0, 4.0, 1.0], "time": [1, 2, 3]}
    log.append("interactions", pl.DataFrame(events | told))
    dataset = Weighing({"view": 0.5}, positive_rating=3.0).read(log)
    assert list(dataset.items) == ["bad", "good", "seen"]
    assert dataset.interactions.weight.tolist() == [0.0, 1.0, 0.5]
    assert dataset.matrix().toarray().tolist() == [[0.0, 1.0, 0.5]]


@pytest.mark.parametrize(
    ("weights", "ratings", "message"),
    [
        ({"view": "much"}, {}, r"s\.toml \[weights\] view must be a finite number, got 'much'"),
        ({"view": float("inf")}, {}, r"s\.toml \[weights\] view must be a finite number, got inf"),
        ({}, {"positive": True}, r"s\.toml \[ratings\] positive must be a finite number, got True"),
        ({}, {"positif": 3}, r"s\.toml \[ratings\]: there is no setting 'positif'; it has positive"),
    ],
)
def test_what_is_no_weight_is_refused(weights: dict[str, object], ratings: dict[str, object], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        weighing_of(weights, ratings, where="s.toml")
