from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from slatewright.core.errors import BadInput, BadKnob
from slatewright.models import WideAndDeep
from slatewright.models.neural.facts.labelled import LabelledFacts, auc_of, shift_of

SMALL = WideAndDeep(embedding_dim=2, layers=(4,), epochs=12, batch_size=256, learning_rate=0.02, dropout=0)


def shop(n: int = 2000) -> tuple[pl.DataFrame, np.ndarray]:
    """One in twenty buys, one in ten of those on a phone, and none by chance elsewhere."""
    draw = np.random.default_rng(1)
    phone = draw.random(n) < 0.5
    bought = draw.random(n) < np.where(phone, 0.1, 0.05)
    return pl.DataFrame({"device": np.where(phone, "phone", "desk"), "age": draw.integers(20, 60, n)}), bought


def mean_chance(**knobs: float) -> float:
    facts, bought = shop()
    return float(replace(SMALL, **knobs).learn(facts, bought).chances(facts).mean())  # type: ignore[arg-type]


@pytest.mark.parametrize("knobs", [{}, {"negative_share": 0.2}, {"positive_weight": 8.0}])
def test_chances_are_true_whatever_was_done_about_the_imbalance(knobs: dict[str, float]) -> None:
    assert mean_chance(**knobs) == pytest.approx(shop()[1].mean(), abs=0.025)


def test_the_correction_by_hand() -> None:
    # of 10 positives and 990 negatives a fifth of the latter is seen: odds of 10 / 198, which are 10 / 990 in truth
    assert np.log(10 / 198) + shift_of(0.2, 1.0) == pytest.approx(np.log(10 / 990))
    assert np.log(40 / 990) + shift_of(1.0, 4.0) == pytest.approx(np.log(10 / 990))


def test_the_area_under_the_curve_is_that_of_scikit_learn() -> None:
    draw = np.random.default_rng(0)
    labels, marks = draw.integers(0, 2, 200), draw.integers(0, 20, 200) / 7
    assert auc_of(labels, marks) == pytest.approx(roc_auc_score(labels, marks))


def test_rows_of_weight_zero_teach_nothing() -> None:
    facts, bought = shop(400)
    doubled = pl.concat([facts, facts])
    labels = np.concatenate([bought, ~bought])
    weights = np.repeat([1.0, 0.0], len(bought))
    model = SMALL.learn(doubled, labels, weights)
    assert model.chances(facts).mean() < 0.3


def test_a_fact_that_is_not_there_counts_as_not_known() -> None:
    facts, bought = shop(400)
    model = SMALL.learn(facts, bought)
    without = facts.with_columns(device=pl.lit(None, dtype=pl.String))
    np.testing.assert_array_equal(model.marks(facts.drop("device")), model.marks(without))


def test_arrays_bring_the_model_back() -> None:
    facts, bought = shop(400)
    model = SMALL.learn(facts, bought)
    np.testing.assert_array_equal(LabelledFacts.from_arrays(model.arrays()).marks(facts), model.marks(facts))


@pytest.mark.parametrize("labels", [np.zeros(3), np.full(400, 2), np.zeros((400, 1)), np.array([None] * 400)])
def test_labels_must_fit(labels: np.ndarray) -> None:
    with pytest.raises(BadInput, match="labels must be 0 or 1, one for each of 400 rows"):
        SMALL.learn(shop(400)[0], labels)


def test_weights_must_fit() -> None:
    facts, bought = shop(400)
    with pytest.raises(BadInput, match="weights must be finite and >= 0, one for each of 400 rows"):
        SMALL.learn(facts, bought, -np.ones(400))


def test_there_must_be_a_fact_that_can_be_read() -> None:
    with pytest.raises(BadInput, match="must have at least one fact that is a number or a category"):
        SMALL.learn(pl.DataFrame({"tags": [["a"], ["b"]]}), np.array([0, 1]))


def test_a_table_without_a_row_is_refused() -> None:
    with pytest.raises(BadInput, match="got 0 rows of device, age"):
        SMALL.learn(shop(10)[0].head(0), np.zeros(0))


@pytest.mark.parametrize("label", [0, 1])
def test_labels_of_one_class_alone_draw_chances_towards_it(label: int) -> None:
    facts, _ = shop(400)
    model = replace(SMALL, validation_share=0.2).learn(facts, np.full(400, label))
    assert (abs(model.chances(facts) - label) < 0.3).all()
    assert model.learning_curve.shape[1] == 2  # there is no area under a curve of one class


def test_crosses_name_facts() -> None:
    facts, bought = shop(100)
    with pytest.raises(BadKnob, match="crosses must be written 'one x other', of device, age, got 'device x size'"):
        WideAndDeep(crosses=("device x size",)).learn(facts, bought)
