from dataclasses import replace

import numpy as np
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import DMF, DeepCross, TwoTower, WideAndDeep
from slatewright.models.neural import training
from slatewright.models.neural.batch import Batch
from slatewright.models.neural.engine.engine import Step
from slatewright.models.neural.facts.samples import Samples
from slatewright.models.neural.run import Run
from slatewright.models.neural.tables import Pace
from slatewright.models.neural.task import Task
from slatewright.testing.worlds import two_tastes

TOWN = dataset_of(two_tastes())
SMALL = (
    TwoTower(embedding_dim=4, layers=(8, 4), epochs=1, longest_history=5, batch_size=128),
    DMF(embedding_dim=8, layers=(8,), epochs=1, batch_size=64, n_candidates=8, longest_history=8, longest_audience=8),
    WideAndDeep(embedding_dim=4, layers=(8,), epochs=1, longest_history=5, batch_size=256),
    DeepCross(embedding_dim=4, layers=(8,), epochs=1, longest_history=5, batch_size=256),
)  # fmt: skip


def test_samples_of_histories_are_their_pairs_of_weight_above_zero() -> None:
    samples = Samples.of(Histories.of([[2, 0, 2], [], [3, 1]], [[1, 1, 1], [], [0, 1]]), 5)
    assert len(samples) == 3
    users, items = samples.at(np.arange(3))
    assert list(zip(users.tolist(), items.tolist(), strict=True)) == [(0, 0), (0, 2), (2, 1)]
    assert samples.who_took.tolist() == [True, False, True]
    assert samples.sold.tolist() == np.flatnonzero(samples.is_sold).tolist() == [0, 1, 2]
    assert samples.seen is samples.taken is samples.taught


def test_pairs_count_by_what_their_events_weigh() -> None:
    samples = Samples.of(Histories.of([[2, 0, 2], [1]], [[1, 1, 3], [3]]), 3)
    np.testing.assert_allclose(samples.weights, np.array([1, 2, 3**0.5]) * 3 / (3 + 3**0.5), rtol=1e-6)
    assert not len(Samples.of(Histories.of([[]]), 3).weights)


@pytest.mark.parametrize("estimator", SMALL, ids=lambda one: type(one).__name__)
def test_a_pair_teaches_by_its_weight(
    estimator: TwoTower | DMF | WideAndDeep | DeepCross, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, taught = TOWN.interactions, []

    def step(task: Task, step: Step, run: Run, batch: Batch, pace: Pace) -> float:
        is_taken = batch.inputs.get("label", np.ones(len(batch.weights))) > 0
        taught.extend(batch.weights[is_taken & (batch.weights > 0)].tolist())
        return 0.0

    monkeypatch.setattr(training, "_step", step)
    weighed = replace(TOWN, interactions=replace(table, weight=1 + np.arange(len(table.item), dtype=np.float32)))
    estimator.fit(weighed)
    expected = Samples.of(weighed.histories(), weighed.n_items).weights
    assert len(np.unique(expected)) > 100
    np.testing.assert_array_equal(np.sort(taught), np.sort(expected))
