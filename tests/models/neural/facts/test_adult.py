"""Wide & Deep on the Adult census, official test part: the bars, and reasons of a row."""

from pathlib import Path

import polars as pl
import pytest

from slatewright.explain import explain
from slatewright.models import WideAndDeep
from slatewright.models.neural.facts.labelled import auc_of

pytestmark = [pytest.mark.data, pytest.mark.long]


def test_accuracy_and_auc_reach_their_bars_and_a_row_has_reasons(data_dir: Path) -> None:
    train, test = (pl.read_parquet(data_dir / "adult" / f"{part}.parquet") for part in ("train", "test"))
    learner = WideAndDeep(embedding_dim=8, dropout=0.4, epochs=2, batch_size=1024, learning_rate=2e-3)
    model = learner.learn(train.drop("label"), train["label"].to_numpy())
    facts, labels = test.drop("label"), test["label"].to_numpy()
    chances = model.chances(facts)
    assert ((chances > 0.5) == labels).mean() >= 0.850
    assert auc_of(labels, chances) >= 0.905
    assert chances.mean() == pytest.approx(labels.mean(), abs=0.02)
    found = explain(model, facts, row=0)
    assert found.gap == pytest.approx(0, abs=1e-3)
    assert {part.name for part in found.parts} == set(facts.columns)
