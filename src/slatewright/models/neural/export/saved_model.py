"""A SavedModel of TensorFlow, with a signature that TensorFlow Serving answers by; in a process of its own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from slatewright.core.arrays import Array
from slatewright.models.neural.engine.stateless import answered
from slatewright.models.neural.export.in_bytes import in_bytes, is_kept
from slatewright.models.neural.export.whole import Whole

FOLDER = "1"  # TensorFlow Serving looks for numbered versions
SIGNATURE = "serving_default"


class _Kept(tf.Module):  # type: ignore[misc]  # TensorFlow is not typed
    """An array in fewer bytes: halves, or see ``in_bytes``."""

    def __init__(self, array: Array, precision: str) -> None:
        super().__init__()
        self.scale: Any = None
        if precision == "f32" or not is_kept(array):
            self.array = tf.Variable(array, trainable=False)
            return
        if precision == "f16":
            self.array = tf.Variable(array.astype(np.float16), trainable=False)
            return
        kept, scale = in_bytes(array)
        self.array, self.scale = (tf.Variable(one, trainable=False) for one in (kept, scale))

    def restored(self) -> Any:
        array = tf.convert_to_tensor(self.array)
        if self.scale is not None:
            return tf.cast(array, tf.float32) * self.scale
        return tf.cast(array, tf.float32) if array.dtype == tf.float16 else array


class _Served(tf.Module):  # type: ignore[misc]  # as above
    def __init__(self, whole: Whole, precision: str) -> None:
        super().__init__()
        self.call, self.outputs, self.names = whole.made(), whole.outputs, list(whole.tables)
        self.weights = [_Kept(one, precision) for one in whole.weights]
        self.tables = [_Kept(one, precision) for one in whole.tables.values()]

    def answer(self, **asked: Any) -> dict[str, Any]:
        tables = dict(zip(self.names, (one.restored() for one in self.tables), strict=True))
        found = answered(self.call, [one.restored() for one in self.weights], {**asked, **tables})
        parts = found if isinstance(found, tuple) else (found,)
        return dict(zip(self.outputs, parts, strict=True))


def write(whole: Whole, folder: Path, precisions: Sequence[str]) -> Iterator[Path]:
    """Write a folder ``1`` for each precision: f32, f16 or int8, which is how numbers are kept, not multiplied."""
    asked = {
        name: tf.TensorSpec(
            [None if at in whole.axes.get(name, {}) else n for at, n in enumerate(one.shape)], one.dtype.name, name
        )
        for name, one in whole.inputs.items()
    }
    for precision in precisions:
        served, path = _Served(whole, precision), folder / precision / FOLDER
        function = tf.function(served.answer, autograph=False).get_concrete_function(**asked)
        tf.saved_model.save(served, str(path), signatures={SIGNATURE: function})
        yield path


def opened(path: Path) -> Callable[[Mapping[str, Array]], Mapping[str, Array]]:
    """The SavedModel in plain TensorFlow: what it says to inputs, by name."""
    loaded = tf.saved_model.load(str(path))  # held as long as it is asked
    function = loaded.signatures[SIGNATURE]

    def answer(inputs: Mapping[str, Array]) -> Mapping[str, Array]:
        said = function(**{name: tf.constant(one) for name, one in inputs.items()})
        return {name: one.numpy() for name, one in said.items()}

    return answer
