"""Reasons of Wide & Deep over a table of facts."""

from functools import cache

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.explain import explain
from slatewright.models import WideAndDeep
from slatewright.models.neural.facts.labelled import LabelledFacts


@cache
def facts() -> pl.DataFrame:
    draw = np.random.default_rng(0)
    return pl.DataFrame(
        {
            "color": draw.choice(["red", "blue", "green"], 300),
            "price": draw.random(300) * 10,
            "noise": draw.integers(0, 5, 300),
        }
    )


@cache
def model() -> LabelledFacts:
    """Red and dear is bought; noise says nothing."""
    labels = ((facts()["color"] == "red") & (facts()["price"] > 4)).to_numpy()
    learner = WideAndDeep(embedding_dim=4, layers=(8,), epochs=15, batch_size=100, learning_rate=0.02, dropout=0)
    return learner.learn(facts(), labels)


def test_shap_values_add_up_to_the_log_odds() -> None:
    for row in (0, 7):
        found = explain(model(), facts(), row=row)
        assert found.how == "shap"
        assert found.gap == pytest.approx(0, abs=1e-4)
        assert found.score == pytest.approx(float(model().marks(facts()[row])[0]), abs=1e-5)


def test_a_row_is_told_by_its_facts() -> None:
    row = int(np.argmax((facts()["color"] == "red").to_numpy() & (facts()["price"] > 8).to_numpy()))
    found = explain(model(), facts(), row=row, method="shap")
    assert found.part("color").title == "color = red"
    assert found.part("color").contribution > 1
    assert found.part("price").contribution > 0
    assert abs(found.part("noise").contribution) < found.part("color").contribution / 2


def test_a_surrogate_says_the_same_of_what_counts_most() -> None:
    row = int(np.argmax((facts()["color"] == "red").to_numpy() & (facts()["price"] > 8).to_numpy()))
    found = explain(model(), facts(), row=row, method="lime")
    assert found.how == "lime"
    assert found.fit is not None
    assert found.parts[0].name in {"color", "price"}
    assert found.part("color").contribution > abs(found.part("noise").contribution)


@pytest.mark.parametrize("method", ["auto", "shap"])
def test_what_counts_over_a_table(method: str) -> None:
    found = explain(model(), facts(), method=method)  # type: ignore[call-overload]
    assert found.how == ("permutation" if method == "auto" else "shap")
    assert {one.name for one in found.of["feature"][:2]} == {"color", "price"}


def test_only_a_table_of_facts_will_do() -> None:
    with pytest.raises(BadInput, match="is explained on a polars frame of facts, got ndarray"):
        explain(model(), np.zeros((2, 3)), row=0)
    with pytest.raises(BadInput, match="must have rows"):
        explain(model(), facts().clear(), row=0)
    with pytest.raises(BadInput, match="row must be from 0 to 299"):
        explain(model(), facts(), row=300)
