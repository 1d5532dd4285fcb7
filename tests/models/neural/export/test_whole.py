"""What is handed to the process that writes comes back as it was."""

from pathlib import Path

import numpy as np

from slatewright.models.neural.export.shapes import exported
from slatewright.models.neural.export.whole import Whole

from .worlds import histories, models


def test_a_file_brings_it_back(tmp_path: Path) -> None:
    for name, model in models().items():
        whole = exported(model, histories()).whole
        whole.save(tmp_path / f"{name}.npz")
        back = Whole.load(tmp_path / f"{name}.npz")
        assert (back.call, back.spec, back.axes, back.outputs) == (whole.call, whole.spec, whole.axes, whole.outputs)
        assert type(back.made()) is type(whole.made())
        for theirs, ours in zip(back.weights, whole.weights, strict=True):
            np.testing.assert_array_equal(theirs, ours)
        for part in ("inputs", "tables"):
            theirs, ours = getattr(back, part), getattr(whole, part)
            assert list(theirs) == list(ours)
            for key, array in ours.items():
                np.testing.assert_array_equal(theirs[key], array)
