"""The network of SASRec: blocks of causal attention over packed sequences."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from slatewright.models.neural.engine.choosing import keras_engine

EPSILON = 1e-6  # of layer norms


def sasrec(sizes: Mapping[str, Any], precision: str) -> Any:
    """``sizes``: d, length, blocks, heads, dropout. Says a vector per place, float32 (rows, length, d).

    It reads ``vectors`` (rows, length, d), ``segments`` and ``places`` int32 (rows, length), and ``seeds`` int32
    (rows,), which only training looks at. Kang and McAuley: Self-Attentive Sequential Recommendation, ICDM 2018; norms
    come before the layers, as is usual today.
    """
    keras = keras_engine("SASRec")
    from slatewright.models.neural.sequences.attention import Barred, CausalAttention

    policy = keras.dtype_policies.DTypePolicy(precision)
    inputs = {
        "vectors": keras.Input((None, sizes["d"]), name="vectors"),
        "segments": keras.Input((None,), dtype="int32", name="segments"),
        "places": keras.Input((None,), dtype="int32", name="places"),
        "seeds": keras.Input((), dtype="int32", name="seeds"),
    }
    place = keras.layers.Embedding(sizes["length"], sizes["d"], dtype=policy)(inputs["places"])
    barred = Barred(dtype=policy)(inputs["segments"])
    dropped = _Dropped(sizes["dropout"], inputs["seeds"], policy)
    x = dropped(inputs["vectors"] * sizes["d"] ** 0.5 + place)  # items are drawn small, and are to outweigh places
    for _ in range(sizes["blocks"]):
        x = x + dropped(CausalAttention(sizes["heads"], sizes["d"], dtype=policy)(_normed(x, policy), barred))
        wide = keras.layers.Dense(sizes["d"], activation="relu", dtype=policy)(_normed(x, policy))
        x = x + dropped(keras.layers.Dense(sizes["d"], dtype=policy)(dropped(wide)))
    return keras.Model(inputs, keras.ops.cast(_normed(x, policy), "float32"))


class _Dropped:
    """Dropout again and again, each time with another mask."""

    def __init__(self, rate: float, seeds: Any, policy: Any) -> None:
        from slatewright.models.neural.sequences.attention import HashedDropout

        self.layers = (HashedDropout(rate, salt, dtype=policy) for salt in count(1))
        self.seeds = seeds

    def __call__(self, x: Any) -> Any:
        return next(self.layers)(x, self.seeds)


def _normed(x: Any, policy: Any) -> Any:
    return keras_engine().layers.LayerNormalization(epsilon=EPSILON, dtype=policy)(x)
