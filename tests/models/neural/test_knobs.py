from dataclasses import replace

import numpy as np
import pytest

from slatewright.core.errors import BadKnob
from slatewright.evaluate.tuning.deriving import space_of
from slatewright.evaluate.tuning.ranges import Choice
from slatewright.models import (
    DMF,
    GMF,
    MF,
    MLP,
    ContentNetwork,
    DeepCross,
    Estimator,
    NeuMF,
    SASRec,
    TwoTower,
    WideAndDeep,
)
from slatewright.models.costs import Costed, Size
from slatewright.models.neural.knobs import NeuralKnobs


@pytest.mark.parametrize(
    ("knob", "value"),
    [("schedule", "linear"), ("precision", "float16"), ("warm_up", 1.0), ("patience", 0), ("clip_norm", 0.0)],
)
def test_what_makes_no_sense_is_refused_at_the_door(knob: str, value: object) -> None:
    with pytest.raises(BadKnob, match=f"NeuralKnobs.{knob} must be"):
        NeuralKnobs(**{knob: value})  # type: ignore[arg-type]


NEURAL = [MF(), GMF(), MLP(), NeuMF(), DMF(), SASRec(), TwoTower(), WideAndDeep(), DeepCross(), ContentNetwork()]


@pytest.mark.parametrize("estimator", NEURAL, ids=lambda one: type(one).__name__)
def test_whatever_a_search_proposes_is_taken_and_modest(estimator: Estimator) -> None:
    ranges, draw = space_of(estimator).ranges, np.random.default_rng(0)
    assert "dropout" in ranges or type(estimator) in (MF, GMF, DMF)
    for _ in range(50):
        replace(estimator, **{name: draw.choice(one.points()) for name, one in ranges.items()})  # type: ignore[type-var, arg-type]
    sizes = {name: one.high for name, one in ranges.items() if not isinstance(one, Choice) and name != "n_crosses"}
    assert max(sizes.values()) <= 8192


@pytest.mark.parametrize("estimator", NEURAL[:-1], ids=lambda one: type(one).__name__)
def test_a_fit_with_tables_on_disk_is_told_to_need_less_memory(estimator: Costed) -> None:
    size = Size.guess(n_users=100_000, n_items=10_000, n_events=1_000_000)
    there = replace(estimator, tables="disk").cost(size)  # type: ignore[type-var]  # all are dataclasses
    here = estimator.cost(size)
    assert there.memory < here.memory
    assert there.work == here.work
