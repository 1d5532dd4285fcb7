import os
from pathlib import Path

import numpy as np
import pytest

from slatewright.core.errors import NotWritten
from slatewright.models.neural.tables import Pace, Table

ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)


def test_rows_are_taken_in_the_shape_of_the_ids() -> None:
    table = Table.of(ROWS)
    ids = np.array([[3, 0], [1, 1]], dtype=np.int32)
    np.testing.assert_array_equal(table.take(ids), ROWS[ids])


def _adam(row: np.ndarray, gradients: list[np.ndarray], pace: Pace) -> np.ndarray:
    """By the book, in double precision (Kingma and Ba, algorithm 1; decay as Loshchilov and Hutter)."""
    now, first, second = row.astype(np.float64), np.zeros(len(row)), np.zeros(len(row))
    for step, gradient in enumerate(gradients, start=1):
        first = pace.keep_first * first + (1 - pace.keep_first) * gradient
        second = pace.keep_second * second + (1 - pace.keep_second) * gradient**2
        move = (first / (1 - pace.keep_first**step)) / (np.sqrt(second / (1 - pace.keep_second**step)) + pace.least)
        now = now - pace.learning_rate * pace.weight_decay * now - pace.learning_rate * move
    return now


def test_a_row_moves_as_adam_says_and_only_when_it_is_looked_up() -> None:
    table, pace, rng = Table.of(ROWS), Pace(0.1, weight_decay=0.5), np.random.default_rng(0)
    met: dict[int, list[np.ndarray]] = {0: [], 1: [], 2: [], 3: []}
    for _ in range(5):
        ids = rng.integers(0, 3, 4).astype(np.int32)
        gradients = rng.standard_normal((4, 3)).astype(np.float32)
        table.move([ids[:1], ids[1:].reshape(3, 1)], [gradients[:1], gradients[1:].reshape(3, 1, 3)], pace)
        for row in set(ids.tolist()):
            met[row].append(gradients[ids == row].sum(axis=0, dtype=np.float64))
    for row, gradients_met in met.items():
        np.testing.assert_allclose(table.rows[row], _adam(ROWS[row], gradients_met, pace), rtol=2e-4)
    assert table.steps.tolist() == [len(met[row]) for row in range(4)]
    np.testing.assert_array_equal(table.rows[3], ROWS[3])


def test_a_table_may_lie_on_disk(tmp_path: Path) -> None:
    tables = [Table.drawn(100, 4, np.random.default_rng(0), 0.1, folder=one) for one in (None, str(tmp_path / "on"))]
    for table in tables:
        table.move([np.array([7], np.int32)], [np.ones((1, 4), np.float32)], Pace(0.1))
    here, there = tables
    assert isinstance(there.cells.base, np.memmap)
    np.testing.assert_array_equal(there.cells, here.cells)
    assert type(there.take(np.array([7], np.int32))) is np.ndarray
    assert os.name == "nt" or not list(
        (tmp_path / "on").iterdir()
    )  # without a name: a process that is killed leaves none


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotWritten, match=r"tables must be a folder with room for 48 bytes, got .*file: "):
        Table.of(ROWS[:2, :2], str(tmp_path / "file"))


def test_first_rows_are_spread_as_asked() -> None:
    table = Table.drawn(5000, 4, np.random.default_rng(0), 0.3, block=64)
    assert table.rows.std() == pytest.approx(0.3, rel=0.02)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_a_table_may_be_empty(shape: tuple[int, int], tmp_path: Path) -> None:
    assert Table.empty(*shape, folder=str(tmp_path)).rows.shape == shape
