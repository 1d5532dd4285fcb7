"""Layers of a network that reads packed sequences: causal attention within a sequence, and dropout from a hash."""

from typing import Any

from slatewright.models.neural.engine.choosing import keras_engine

keras = keras_engine("SASRec")
ops = keras.ops
Layer: Any = keras.layers.Layer

GOLDEN, MIX = -1640531535, (739982445, 695872825)  # 32-bit multipliers: Knuth's, and those of lowbias32 by C. Wellons
FORBIDDEN = -1e9  # a score of attention that is as good as none


class HashedDropout(Layer):  # type: ignore[misc]  # Keras comes without types
    """Dropout whose mask is a hash of the place and of one seed per row: the same on every engine.

    A counter and some integer operations fuse into the multiplication; a random number generator costs a fifth of a
    step.
    """

    def __init__(self, rate: float, salt: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate, self.salt = rate, salt

    def call(self, vectors: Any, seeds: Any, training: bool = False) -> Any:
        """``vectors`` (rows, length, d), ``seeds`` int32 (rows,)."""
        if not training or self.rate == 0:
            return vectors
        _, length, d = ops.shape(vectors)
        counter = ops.reshape(ops.arange(length * d, dtype="int32"), (1, length, d))
        mixed = counter * GOLDEN + ops.reshape(seeds + _wrapped(self.salt * MIX[0]), (-1, 1, 1))
        for shift, factor in zip((15, 12), MIX, strict=True):
            mixed = ops.bitwise_xor(mixed, _shifted(mixed, shift)) * factor
        mixed = ops.bitwise_xor(mixed, _shifted(mixed, 15))
        kept = mixed >= int(self.rate * 2**32) - 2**31
        return ops.where(kept, vectors / (1 - self.rate), ops.zeros_like(vectors))


def _shifted(numbers: Any, by: int) -> Any:
    """To the right, zeros coming in: a shift of signed numbers brings their sign in, and all would end above 0."""
    return ops.bitwise_and(ops.right_shift(numbers, by), 2 ** (32 - by) - 1)


def _wrapped(number: int) -> int:
    """As it overflows in 32 bits."""
    return (number + 2**31) % 2**32 - 2**31


class CausalAttention(Layer):  # type: ignore[misc]  # Keras comes without types
    """Each place looks at itself and at what came before it in its own sequence."""

    def __init__(self, heads: int, d: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heads, self.d = heads, d
        self.inward = keras.layers.Dense(3 * d, dtype=self.dtype_policy)
        self.outward = keras.layers.Dense(d, dtype=self.dtype_policy)

    def build(self, vectors_shape: Any, barred_shape: Any) -> None:
        self.inward.build(vectors_shape)
        self.outward.build(vectors_shape)

    def call(self, vectors: Any, barred: Any) -> Any:
        """``vectors`` (rows, length, d); ``barred`` (rows, length, length) is added to the scores of attention."""
        queries, keys, values = ops.split(self.inward(vectors), 3, axis=-1)
        if self.heads == 1:
            return self.outward(_attended(queries, keys, values, barred))
        parts = [ops.split(one, self.heads, axis=-1) for one in (queries, keys, values)]
        heads = [_attended(q, k, v, barred) for q, k, v in zip(*parts, strict=True)]
        return self.outward(ops.concatenate(heads, axis=-1))


def _attended(queries: Any, keys: Any, values: Any, barred: Any) -> Any:
    scores = ops.matmul(queries * queries.shape[-1] ** -0.5, ops.swapaxes(keys, 1, 2)) + barred
    return ops.matmul(ops.softmax(scores, axis=-1), values)


class Barred(Layer):  # type: ignore[misc]  # Keras comes without types
    """What may not be looked at: 0 within a sequence up to its own place, far below 0 elsewhere."""

    def call(self, segments: Any) -> Any:
        """``segments`` int32 (rows, length)."""
        places = ops.arange(ops.shape(segments)[1], dtype="int32")
        seen = ops.logical_and(segments[:, :, None] == segments[:, None, :], places[:, None] >= places[None, :])
        return ops.cast(ops.where(seen, 0.0, FORBIDDEN), self.compute_dtype)
