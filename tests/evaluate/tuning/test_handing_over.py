"""What is laid out in files is taken up the same, whatever lies in it."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from slatewright.core.arrays import Array
from slatewright.data.content import content_sum
from slatewright.evaluate.tuning.handing_over import laid_out, taken_up

from .worlds import FOLD


def test_a_fold_comes_back_equal_and_no_array_is_sent(tmp_path: Path) -> None:
    fold = laid_out(FOLD, tmp_path)
    assert content_sum(taken_up(fold)) == content_sum(FOLD)
    assert len(list(tmp_path.iterdir())) > 5


@pytest.mark.parametrize(
    "array", [np.arange(5), np.zeros(0, np.float32), np.zeros((0, 3)), np.eye(3), np.array([True, False])]
)
def test_arrays_of_every_shape_come_back(tmp_path: Path, array: Array) -> None:
    back = taken_up(laid_out(array, tmp_path))
    np.testing.assert_array_equal(back, array)
    assert back.dtype == array.dtype


def test_writing_into_what_was_taken_up_leaves_the_file_alone(tmp_path: Path) -> None:
    lying = laid_out(np.arange(5), tmp_path)
    taken_up(lying)[:] = -1
    np.testing.assert_array_equal(taken_up(lying), np.arange(5))


def test_frames_and_series_come_back_and_plain_things_stay(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1, None], "b": ["x", "y"]})
    assert taken_up(laid_out(frame, tmp_path)).equals(frame)
    assert taken_up(laid_out(frame["b"], tmp_path)).to_list() == ["x", "y"]
    assert taken_up(laid_out("text", tmp_path)) == "text"
