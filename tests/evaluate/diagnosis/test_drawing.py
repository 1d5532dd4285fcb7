"""The pictures of a diagnosis: what they say can be read, and the same data gives the same picture."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from slatewright.evaluate.diagnosis.curves import Curve, Point
from slatewright.evaluate.diagnosis.drawing import (
    biases_picture,
    curve_picture,
    imbalance_picture,
    slices_picture,
    trend_picture,
)
from slatewright.evaluate.diagnosis.imbalance import Class, Imbalance
from slatewright.evaluate.diagnosis.residuals import Bias
from slatewright.evaluate.diagnosis.slicing import Slice
from slatewright.evaluate.diagnosis.trends import TIME, Band, Trend
from slatewright.metrics.bootstrap import Interval


def about(value: float) -> Interval:
    return Interval(value, value - 0.01, value + 0.01)


def curve(over: str = "epochs", at: float = 1.0) -> Curve:
    points = tuple(
        Point(value, about(0.2 + value / 50), about(unseen), None)
        for value, unseen in ((1.0, 0.1), (4.0, 0.3), (16.0, 0.2))
    )
    behind = (about(0.2), about(0.0), about(0.1))
    return Curve("ALS", ("epochs", "embedding_dim"), over, "ndcg", True, 99, points, 1, behind, at)


def group(name: str, apart: float, *, real: bool = True) -> Slice:
    return Slice((("country", name),), 50, 40, 0.2, 0.2 - apart, about(apart), 0.001, 0.002, real)


def words(svg: str) -> str:
    return " ".join(re.findall(r">([^<>]+)</text>", svg))


def test_a_learning_curve_shows_both_parts_and_names_the_knob() -> None:
    told = words(curve_picture(curve()))
    assert "training, NDCG" in told
    assert "validation, NDCG" in told
    assert "under-fitting: turn epochs up" in told
    assert "over-fitting: turn epochs down" in words(curve_picture(curve(at=16.0)))
    assert "share of the users" in words(curve_picture(curve("data", 1.0)))


def test_slices_are_drawn_where_something_is_lost() -> None:
    told = words(slices_picture([group("NL", -0.4), group("<DE>", -0.1, real=False), group("GB", 0.3)], "NDCG"))
    assert "country: NL" in told
    assert "20.0" in told
    assert "&lt;DE&gt;" in told
    assert "GB" not in told


def test_long_names_are_cut() -> None:
    assert "x" * 60 not in words(slices_picture([group("x" * 60, -0.4)], "NDCG"))


def test_biases_are_drawn_with_their_groups() -> None:
    bias = Bias(group("wine", -0.2), about(-0.2), 1.2, 1.0)
    assert "country: wine" in words(biases_picture([bias, replace(bias, residual=about(0.3))]))


@pytest.mark.parametrize("along", ["predicted rating", "events of the user", TIME])
def test_a_trend_is_drawn_along_its_axis(along: str) -> None:
    scale = 86_400_000_000 if along == TIME else 1
    trend = Trend(along, tuple(Band(at * scale, 30, about(at / 100), 1.0) for at in (1.0, 5.0, 40.0)))
    told = words(trend_picture(trend))
    assert along in told
    assert ("40" in told) is (along == "events of the user") or along == "predicted rating"


def test_classes_are_drawn_by_events_and_by_weight() -> None:
    kinds = (Class("view", 90, 0.9, 0.6), Class("purchase", 10, 0.1, 0.4))
    found = Imbalance(0.01, kinds, (Class("5", 10, 1.0, 1.0),), 0.3, 0.5, 0.1, 0.4)
    told = words(imbalance_picture(found))
    assert all(name in told for name in ("kind: view", "kind: purchase", "rating: 5", "top 1% of the items"))


def test_the_same_data_gives_the_same_picture() -> None:
    again: list[Any] = [curve_picture(curve()) for _ in range(2)]
    assert again[0] == again[1]
    assert np.char.count(again[0], "<svg") == 1
