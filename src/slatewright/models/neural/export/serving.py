"""A fitted model with its network as a graph of ONNX, so that a server answers by ONNX Runtime instead of an engine."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.errors import NotWritten
from slatewright.data.histories import Histories
from slatewright.models.model import Model
from slatewright.models.neural.engine import chosen_engine
from slatewright.models.neural.export.whole import Whole
from slatewright.models.neural.export.writing import OPSETS, lacking, written
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.runtime import PROVIDERS, Graph
from slatewright.models.shapes.encoded_histories import EncodedHistories
from slatewright.models.shapes.fact_network import FactNetwork
from slatewright.models.shapes.pair_network import PairNetwork
from slatewright.models.shapes.two_towers import TwoTowers

PARITY = 1e-4  # of the largest number that the engine says, or of 1
HEIGHT = 3  # rows of an example
SAID = ("said",)  # a name that no input has


def with_graph(model: Model, providers: tuple[str, ...] = PROVIDERS) -> Model:
    """The model, its network besides as a graph; one without a network, and one whose tools are missing, as it is.

    ``providers`` are what ONNX Runtime shall run it on, see ``RuntimeKnobs``.

    Raises:
        NotWritten: the graph does not say what the engine says.
    """
    whole = dense_part(model)
    if whole is None or lacking("onnx") is not None:
        return model
    with written(whole, "onnx", whole.inputs) as graphs:
        graph = graphs["f32"]
        _check(model, whole, next(iter(graph.said.values())))
        made = Graph(np.frombuffer(graph.path.read_bytes(), dtype=np.uint8), providers)
    if isinstance(model, FactNetwork):
        return replace(model, net=replace(model.net, graph=made))
    return replace(model, graph=made)  # type: ignore[call-arg]  # the other shapes have one


def dense_part(model: Model) -> Whole | None:
    """What a graph is made of: the network alone, for rows are looked up where they lie."""
    if isinstance(model, EncodedHistories):
        spec, length = Spec.from_array(model.spec), int(model.length[0])
        return Whole("reading", spec, list(model.network), *_reading(length, model.rows.shape[1]), SAID)
    if isinstance(model, PairNetwork):
        d = model.item_rows.shape[1]
        rng = np.random.default_rng(0)
        inputs = {"user": _drawn(rng, HEIGHT, d), "item": _drawn(rng, 1, HEIGHT + 1, d)}
        axes = {"user": {0: "users"}, "item": {1: "items"}}
        return Whole("pair_scores", model.spec, list(model.weights), inputs, axes, SAID)
    if isinstance(model, TwoTowers):
        widths = {"profile": model.rows.shape[1], "tastes": model.content.shape[1], "facts": model.reader.width}
        rng = np.random.default_rng(0)
        inputs = {name: _drawn(rng, HEIGHT, width) for name, width in widths.items() if width}
        axes = {name: {0: "people"} for name in inputs}
        return Whole("person", Spec.from_array(model.spec), list(model.network), inputs, axes, SAID)
    if isinstance(model, FactNetwork) and len(model.places):
        nobody = Histories.of([[] for _ in range(HEIGHT)])
        rows = model.pairs(model.people(nobody), np.arange(HEIGHT, dtype=np.int32), np.zeros(1, dtype=np.int32))
        inputs = model.net.asked(rows)
        axes = {name: {0: "rows"} for name in inputs}
        return Whole("marks", model.net.spec, list(model.net.weights), inputs, axes, SAID)
    return None


def _reading(length: int, d: int) -> tuple[dict[str, Array], dict[str, dict[int, str]]]:
    shape = (HEIGHT, length)
    inputs = {
        "vectors": _drawn(np.random.default_rng(0), *shape, d),
        "segments": np.ones(shape, dtype=np.int32),
        "places": np.tile(np.arange(length, dtype=np.int32), (HEIGHT, 1)),
        "seeds": np.zeros(HEIGHT, dtype=np.int32),
        "ends": np.arange(HEIGHT + 1, dtype=np.int32) * (length // 2),
    }
    return inputs, {name: {0: "places_read" if name == "ends" else "rows"} for name in inputs}


def _drawn(rng: np.random.Generator, *shape: int) -> Array:
    return rng.standard_normal(shape, dtype=np.float32)


def _check(model: Model, whole: Whole, said: Array) -> None:
    expected = chosen_engine().answer(whole.made(), whole.weights, whole.inputs)
    difference, largest = float(np.abs(said - expected).max()), max(1.0, float(np.abs(expected).max()))
    if not difference <= PARITY * largest:
        raise NotWritten(
            f"the ONNX graph of a {model.shape} differs from the engine by {difference:.2g}, where the largest number "
            f"is {largest:.2g}"
        )


def runtime_told(model: Model) -> dict[str, Any]:
    """What the card says of what runs a model's network; nothing where it has none."""
    graph: Graph | None = model.net.graph if isinstance(model, FactNetwork) else getattr(model, "graph", None)
    if graph is not None:
        about: Mapping[str, Any] = {
            "by": "ONNX Runtime",
            "providers": list(graph.providers),
            "opset": OPSETS["onnx"],
            "bytes": len(graph.onnx),
        }
        return {"runtime": about}
    if not isinstance(model, EncodedHistories | FactNetwork | PairNetwork | TwoTowers):
        return {}
    why = lacking("onnx")
    return {"runtime": {"by": "the engine of Keras", **({} if why is None else {"for ONNX Runtime": why})}}
