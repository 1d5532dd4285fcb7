"""Batches as a data set of TensorFlow."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from slatewright.core.arrays import Array
from slatewright.core.extras import require
from slatewright.data.feeding.batches import Batches


def as_tensorflow(batches: Batches) -> Any:
    """A ``tf.data.Dataset`` that makes the next batch while a model works on one; iterating again is another pass."""
    tf = require("tensorflow", extra="tensorflow", why="Feed.tensorflow")
    passes = count()

    def one_pass() -> Iterator[dict[str, Array]]:
        epoch = next(passes)
        return (batches.batch(epoch, at) for at in range(len(batches)))

    empty = batches.none()
    signature = {name: tf.TensorSpec((None, *array.shape[1:]), array.dtype.name, name) for name, array in empty.items()}
    fed = tf.data.Dataset.from_generator(one_pass, output_signature=signature)
    return fed.apply(tf.data.experimental.assert_cardinality(len(batches))).prefetch(tf.data.AUTOTUNE)
