"""The networks over facts, as Keras models of what was looked up and of numbers."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from slatewright.models.neural.engine.choosing import keras_engine

Sizes: TypeAlias = Mapping[str, Any]

DIRECT = 5.0  # of the score by content alone, at first


def wide_and_deep(sizes: Sizes, precision: str) -> Any:
    """A sum of weights and a tower, added: one number per row. Cheng et al., DLRS 2016.

    Reads ``fields`` (n, F, d), ``wide`` (n, W, 1) with ``wide_shares`` (n, W), ``numbers`` (n, M), and of histories
    ``history`` (n, L, d) with ``history_shares`` (n, L).
    """
    keras = keras_engine("Wide & Deep")
    inputs = _inputs(keras, sizes)
    wide = keras.ops.sum(inputs["wide"][:, :, 0] * inputs["wide_shares"], axis=1, keepdims=True)
    start = _joined(keras, inputs, sizes)
    deep = _tower(keras, start, sizes, precision)
    terms = [wide, keras.layers.Dense(1, name="deep")(deep)]
    if sizes["numbers"]:
        terms.append(keras.layers.Dense(1, use_bias=False, name="wide_numbers")(inputs["numbers"]))
    return keras.Model(inputs, keras.layers.Add()(terms)[:, 0])


def deep_cross(sizes: Sizes, precision: str) -> Any:
    """Layers that cross everything with everything, beside a tower: one number per row.

    Wang et al.: DCN V2, Improved Deep & Cross Network (WWW 2021). Reads what ``wide_and_deep`` reads, but no crosses.
    """
    keras = keras_engine("DCN-v2")
    from keras_rs.layers import FeatureCross

    inputs = _inputs(keras, sizes)
    start = _joined(keras, inputs, sizes)
    crossed = start
    for at in range(sizes["crosses"]):
        crossed = FeatureCross(projection_dim=sizes["rank"], dtype=precision, name=f"cross{at}")(start, crossed)
    deep = _tower(keras, start, sizes, precision)
    both = keras.layers.Concatenate()([crossed, deep])
    return keras.Model(inputs, keras.layers.Dense(1, name="both")(both)[:, 0])


def _inputs(keras: Any, sizes: Sizes) -> dict[str, Any]:
    shapes: dict[str, tuple[int, ...]] = {"fields": (sizes["fields"], sizes["dim"])}
    if sizes["wide"]:
        shapes |= {"wide": (sizes["wide"], 1), "wide_shares": (sizes["wide"],)}
    if sizes["history"]:
        shapes |= {"history": (sizes["history"], sizes["dim"]), "history_shares": (sizes["history"],)}
    if sizes["numbers"]:
        shapes["numbers"] = (sizes["numbers"],)
    return {name: keras.Input(shape, name=name) for name, shape in shapes.items()}


def _joined(keras: Any, inputs: dict[str, Any], sizes: Sizes) -> Any:
    """What the tower starts from, (n, F d + d + M)."""
    parts = [keras.layers.Flatten()(inputs["fields"])]
    if sizes["history"]:
        parts.append(keras.ops.sum(inputs["history"] * inputs["history_shares"][:, :, None], axis=1))
    if sizes["numbers"]:
        parts.append(inputs["numbers"])
    return keras.layers.Concatenate()(parts) if len(parts) > 1 else parts[0]


def _tower(keras: Any, start: Any, sizes: Sizes, precision: str) -> Any:
    """Layers with ReLU and dropout, (n, last layer)."""
    layer = start
    for at, width in enumerate(sizes["layers"]):
        layer = keras.layers.Dense(width, activation="relu", dtype=precision, name=f"layer{at}")(layer)
        if sizes["dropout"]:
            layer = keras.layers.Dropout(sizes["dropout"], seed=at)(layer)
    return layer


def towers(sizes: Sizes, precision: str) -> Any:
    """Two towers: a vector per person and one per item, whose inner product is the score. Yi et al., RecSys 2019.

    Of people it reads ``profile`` (n, d), what their histories hold, ``tastes`` (n, C), the mean content of these, and
    ``facts`` (n, M); of items ``item`` (m, d), zeros where the id says nothing, and ``content`` (m, C). Vectors are D +
    C + 1 numbers: what the towers say, the content as it is, and a bias.
    """
    keras = keras_engine("TwoTower")
    people = _flat(keras, sizes, {"profile": "dim", "tastes": "content", "facts": "facts"})
    items = _flat(keras, sizes, {"item": "dim", "content": "content"})
    person = keras.Model(people, _person(keras, people, sizes, precision), name="person")
    thing = keras.Model(items, _thing(keras, items, sizes, precision), name="thing")
    return keras.Model({**people, **items}, [person(people), thing(items)])


def content(sizes: Sizes, precision: str) -> Any:
    """A vector from ``content`` (n, C): a linear map, and beside it a tower that bends it. (n, d)."""
    keras = keras_engine("ContentNetwork")
    given = keras.Input((sizes["content"],), name="content")
    start = keras.layers.Rescaling(sizes["content"] ** 0.5)(given)
    bent = keras.layers.Dense(sizes["dim"], name="bent")(_tower(keras, start, sizes, precision))
    return keras.Model({"content": given}, bent + keras.layers.Dense(sizes["dim"], name="straight")(start))


def _flat(keras: Any, sizes: Sizes, names: Mapping[str, str]) -> dict[str, Any]:
    """Inputs of one row of numbers; ``names`` says which size each has, and one of size 0 is none."""
    return {name: keras.Input((sizes[size],), name=name) for name, size in names.items() if sizes[size]}


def _person(keras: Any, inputs: dict[str, Any], sizes: Sizes, precision: str) -> Any:
    """(n, D + C + 1): the tower, scaled as attention is, the tastes, and 1 for the bias."""
    vector = _side(keras, inputs, sizes, precision) * sizes["layers"][-1] ** -0.5
    direct = [keras.layers.Rescaling(DIRECT)(inputs["tastes"])] if sizes["content"] else []
    return keras.ops.concatenate([vector, *direct, keras.ops.ones_like(vector[:, :1])], axis=1)


def _thing(keras: Any, inputs: dict[str, Any], sizes: Sizes, precision: str) -> Any:
    """(m, D + C + 1): the tower, the content as much as each of its numbers counts, and the bias."""
    vector = _side(keras, inputs, sizes, precision)
    direct = []
    if sizes["content"]:
        counts = keras.layers.EinsumDense("nc,c->nc", sizes["content"], kernel_initializer="ones", name="direct")
        direct.append(counts(inputs["content"]))
    return keras.ops.concatenate([vector, *direct, keras.layers.Dense(1, name="bias")(vector)], axis=1)


def _side(keras: Any, inputs: dict[str, Any], sizes: Sizes, precision: str) -> Any:
    """One tower: the last layer is linear. Numbers of the content are brought to a mean square of about 1."""
    wide = sizes["content"] ** 0.5
    parts = [
        keras.layers.Rescaling(wide)(one) if name in ("content", "tastes") else one for name, one in inputs.items()
    ]
    start = keras.layers.Concatenate()(parts) if len(parts) > 1 else parts[0]
    *inner, last = sizes["layers"]
    layer = _tower(keras, start, {**sizes, "layers": inner}, precision)
    return keras.layers.Dense(last, name="last")(layer)
