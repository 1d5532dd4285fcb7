"""What sets each segment apart."""

import json

import pytest

from slatewright.models.segments.describing import describe_segments
from slatewright.models.segments.portrait import Over, Portrait
from slatewright.models.segments.segmentation import Segmentation

from .planted import KINDS, planted


def portraits(**knobs: object) -> dict[str, Portrait]:
    dataset, _ = planted()
    found = Segmentation(n_segments=4, embedding_dim=6, **knobs).segment(dataset)  # type: ignore[arg-type]
    return {one.name: one for one in describe_segments(dataset, found)}


def test_planted_segments_are_named_after_their_shelves() -> None:
    assert set(portraits()) == set(KINDS) == set(portraits(of="items"))


def test_a_portrait_of_the_gardeners() -> None:
    one = portraits()["garden"]
    assert one.number == 2
    assert one.size == pytest.approx(72, abs=2)
    assert one.share == one.size / 240
    assert one.activity == 15
    assert one.categories[0].name == one.words[0].name == "garden"
    assert one.categories[0].share == pytest.approx(0.92, abs=0.03)
    assert one.categories[0].lift > 2.5
    assert all(30 <= int(item.name[1:]) < 60 and item.lift > 2 for item in one.items)
    assert all(item.count >= 3 for item in one.items)
    (age,) = one.numbers
    assert age.mean == pytest.approx(30, abs=1)
    assert age.usual == pytest.approx(30, abs=1)
    (street,) = one.modes
    assert street.value == "garden"
    assert street.share > 0.75
    assert street.usual < 0.4


def test_what_is_further_off_has_more_deviations() -> None:
    found = portraits()
    assert found["tools"].numbers[0].deviations > 1.5 > 0 > -0.9 > found["tea"].numbers[0].deviations


def test_a_portrait_is_plain_data() -> None:
    plain = json.loads(json.dumps(portraits()["tea"].as_dict()))
    assert plain["name"] == "tea"
    assert plain["items"][0]["lift"] == pytest.approx(plain["items"][0]["share"] / plain["items"][0]["usual"])


def test_nothing_is_no_more_common_than_nothing() -> None:
    assert Over("x", "x", 0, 0.0, 0.0).lift == 0
