import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from slatewright.core.arrays import Array
from slatewright.core.errors import BadInput, Diverged, NoRoom
from slatewright.data.dataset import dataset_of
from slatewright.models import MF, SASRec, TwoTower, WideAndDeep
from slatewright.models.neural import training
from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.epochs import EpochCurve
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.task import Task
from slatewright.models.neural.training import train
from slatewright.testing.worlds import two_tastes
from tests.models.neural.worlds import Alike, Squares

KNOBS = NeuralKnobs(epochs=6, learning_rate=0.05)


def test_a_task_is_learned() -> None:
    trained = train(Alike(), replace(KNOBS, epochs=60))
    assert trained.learning_curve.shape == (60, 2)
    assert trained.learning_curve[-1, 1] < 0.05 * trained.learning_curve[0, 1]
    assert trained.best_epoch == 60


def test_the_best_epoch_is_restored_and_training_stops_when_it_gets_no_better() -> None:
    task = Alike(marks=[0.1, 0.5, 0.4, 0.3, 0.9, 0.9])
    trained = train(task, replace(KNOBS, patience=2))
    assert trained.best_epoch == 2
    assert trained.learning_curve[:, 2].tolist() == pytest.approx([0.1, 0.5, 0.4, 0.3])
    np.testing.assert_array_equal(task.tables["users"].rows, task.seen[1])
    assert np.abs(task.seen[3] - task.seen[1]).max() > 0


def test_of_epochs_that_are_told_as_level_the_first_is_kept_and_the_curve_says_the_same() -> None:
    task = Alike(marks=[0.1, 0.5, 0.5 + 1e-9, 0.5, 0.2, 0.5])
    trained = train(task, KNOBS)
    assert trained.best_epoch == EpochCurve.of(trained.learning_curve).best == 2
    np.testing.assert_array_equal(task.tables["users"].rows, task.seen[1])


def test_the_last_epoch_is_kept_where_it_is_the_best_or_nothing_judges() -> None:
    for marks in ([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], []):
        task = Alike(marks=marks)
        assert train(task, KNOBS).best_epoch == 6
        np.testing.assert_array_equal(task.tables["users"].rows, task.seen[5])


def test_equal_seeds_give_equal_models_and_others_do_not() -> None:
    rows = []
    for seed in (3, 3, 4):
        task = Alike()
        train(task, replace(KNOBS, rng=seed))
        rows.append(task.tables["items"].rows)
    np.testing.assert_array_equal(rows[0], rows[1])
    assert (rows[0] != rows[2]).any()


def test_two_threads_train_at_once_as_one_after_the_other() -> None:
    def rows(seed: int) -> Array:
        task = Alike()
        train(task, replace(KNOBS, rng=seed))
        return np.array(task.tables["items"].rows)

    with ThreadPoolExecutor(2) as threads:
        together = list(threads.map(rows, (3, 4)))
    for one, alone in zip(together, map(rows, (3, 4)), strict=True):
        np.testing.assert_array_equal(one, alone)


TOWN = dataset_of(two_tastes())
ALIKE = (
    MF(embedding_dim=4, batch_size=128, validation_share=0.5, epochs=3),
    SASRec(embedding_dim=4, n_blocks=1, longest_history=4, n_negatives=4, batch_size=16, epochs=1),
    TwoTower(embedding_dim=4, layers=(8, 4), epochs=1, longest_history=5, batch_size=128),
    WideAndDeep(embedding_dim=4, layers=(8,), epochs=1, longest_history=5, batch_size=256),
)


@pytest.mark.parametrize("estimator", ALIKE, ids=lambda one: type(one).__name__)
def test_tables_on_disk_learn_what_those_in_memory_do(
    estimator: MF | SASRec | TwoTower | WideAndDeep, tmp_path: Path
) -> None:
    folder = tmp_path / "tables"
    here, there = (one.fit(TOWN).arrays() for one in (estimator, replace(estimator, tables=str(folder))))
    for name, array in here.items():
        np.testing.assert_array_equal(there[name], array)
    assert not list(folder.iterdir())


def test_a_loss_that_runs_away_names_the_knob_to_turn() -> None:
    with pytest.raises(Diverged, match=r"NeuralKnobs: the loss left the range .* turn learning_rate down from 10"):
        train(Alike(objective=Squares(1e38)), replace(KNOBS, learning_rate=10.0))


class Steep(Squares):
    """A loss of 0 whose slope is no number, as that of a root at 0."""

    def loss(self, network: Any, vectors: Mapping[str, Any], inputs: Mapping[str, Any], training: bool) -> Any:
        return keras_engine().ops.sqrt(super().loss(network, vectors, inputs, training) * 0.0)


def test_a_last_step_that_leaves_no_numbers_is_no_model() -> None:
    with pytest.raises(Diverged, match="what was learned left the range of numbers in epoch 1"):
        train(Alike(objective=Steep(), n=2), replace(KNOBS, epochs=1))


def test_the_thread_that_draws_ahead_ends_with_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        assert any(one.name.startswith("batches") for one in threading.enumerate())
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "_step", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        train(Alike(), KNOBS)
    assert caught.tb is not None  # what it holds on to is no thread
    assert not any(one.name.startswith("batches") for one in threading.enumerate())


@pytest.mark.parametrize("rate", [3.0, 10.0])
def test_a_loss_that_rises_within_the_range_of_numbers_names_it_too(rate: float) -> None:
    with pytest.raises(Diverged, match=rf"the loss rose from .* turn learning_rate down from {rate:g}"):
        train(Alike(), replace(KNOBS, learning_rate=rate))


def test_a_loss_that_falls_from_high_up_is_none_of_these() -> None:
    assert len(train(Alike(objective=Squares(1e6)), KNOBS).learning_curve) == 6


def test_a_device_without_memory_names_the_knob_to_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 17179869184 bytes.")

    monkeypatch.setattr(training, "_step", full)
    with pytest.raises(NoRoom, match="NeuralKnobs: a step does not fit into memory; turn batch_size down from 1024"):
        train(Alike(), KNOBS)


def test_another_error_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(training, "_step", broken)
    with pytest.raises(RuntimeError, match="shapes do not match"):
        train(Alike(), KNOBS)


def test_weights_decay() -> None:
    lengths = {}
    for name, knobs in (("plain", KNOBS), ("decay", replace(KNOBS, weight_decay=2.0))):
        task = Alike()
        train(task, knobs)
        lengths[name] = float(np.linalg.norm(task.tables["users"].rows))
    assert lengths["decay"] < 0.9 * lengths["plain"]


def test_long_gradients_are_cut_and_short_ones_are_not() -> None:
    met: dict[float | None, list[float]] = {}
    for clip_norm in (None, 1e-3, 1e6):
        task = Alike()
        trained = train(task, replace(KNOBS, epochs=1, clip_norm=clip_norm))
        met[clip_norm] = [float(np.abs(table.cells[:, 1]).max()) for table in task.tables.values()]
        assert np.isfinite(trained.learning_curve).all()
    assert met[1e6] == pytest.approx(met[None])
    assert max(met[1e-3]) <= 1e-3 < min(met[None])


KILLED = """
import json, os, signal, sys
from pathlib import Path
from slatewright.models.neural import checkpoints
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.training import train
from slatewright.testing.worlds import two_tastes
from tests.models.neural.worlds import Alike

written, save = [0], checkpoints.np.savez

def dying(file, **arrays):
    written[0] += 1
    if written[0] == 4:
        file.write(b"half a file")
        file.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    save(file, **arrays)

checkpoints.np.savez = dying
train(Alike(marks=json.loads(sys.argv[2])), NeuralKnobs(epochs=6, learning_rate=0.05, checkpoints=sys.argv[1]))
"""


def test_a_training_killed_while_it_writes_goes_on_to_the_same_model(tmp_path: Path) -> None:
    marks = [0.1, 0.5, 0.4, 0.3, 0.2, 0.1]
    argv = [sys.executable, "-c", KILLED, str(tmp_path), json.dumps(marks)]
    killed = subprocess.run(argv, cwd=Path(__file__).parents[3], env=os.environ, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    whole, resumed = Alike(marks=marks), Alike(marks=marks)
    resumed.seen = [np.empty(0)] * 3  # what the killed process judged
    expected = train(whole, KNOBS)
    trained = train(resumed, replace(KNOBS, checkpoints=str(tmp_path)))
    np.testing.assert_array_equal(trained.learning_curve, expected.learning_curve)
    assert trained.best_epoch == expected.best_epoch == 2
    for name, table in whole.tables.items():
        np.testing.assert_array_equal(resumed.tables[name].rows, table.rows)
    assert not list(tmp_path.iterdir())


class _Enough(Exception):
    """The third epoch is not to be."""


def _left_behind(task: Task, knobs: NeuralKnobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Train two epochs and leave the checkpoint lying."""
    whole, epochs = training._epoch, iter(range(10))

    def two(*given: object) -> float:
        if next(epochs) == 2:
            raise _Enough
        return whole(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(training, "_epoch", two)
        with pytest.raises(_Enough):
            train(task, knobs)


def test_a_damaged_state_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    knobs = replace(KNOBS, checkpoints=str(tmp_path))
    _left_behind(Alike(), knobs, monkeypatch)
    (state,) = tmp_path.iterdir()
    whole = state.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole.replace(b"b", b"c"), b"", b"no archive at all"):
        state.write_bytes(damaged)
        with pytest.raises(BadInput, match=r"training-.*\.npz is damaged.*remove it to begin anew"):
            train(Alike(), knobs)


def test_trainings_of_other_knobs_or_data_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    knobs = replace(KNOBS, checkpoints=str(tmp_path))
    _left_behind(Alike(), knobs, monkeypatch)
    (state,) = tmp_path.iterdir()
    for task, others in ((Alike(), replace(knobs, learning_rate=0.04)), (Alike(n=10), knobs)):
        assert len(train(task, others).learning_curve) == 6
        assert list(tmp_path.iterdir()) == [state]
    resumed, whole = Alike(), Alike()
    train(resumed, knobs)
    train(whole, KNOBS)
    np.testing.assert_array_equal(resumed.tables["users"].rows, whole.tables["users"].rows)
    assert not state.exists()


def test_a_state_under_the_name_of_another_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    knobs = replace(KNOBS, checkpoints=str(tmp_path))
    _left_behind(Alike(), knobs, monkeypatch)
    (state,) = tmp_path.iterdir()
    _left_behind(Alike(), replace(knobs, learning_rate=0.04), monkeypatch)
    (other,) = set(tmp_path.iterdir()) - {state}
    other.replace(state)
    with pytest.raises(BadInput, match="holds the state of another training"):
        train(Alike(), knobs)
