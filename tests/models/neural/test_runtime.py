"""A graph answers where ONNX Runtime is, the engine elsewhere."""

from pathlib import Path
from types import ModuleType

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from slatewright.core.arrays import Array
from slatewright.core.errors import BadBundle, BadKnob
from slatewright.models.neural import runtime
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.answering import PairScores
from slatewright.models.neural.runtime import NAMES, PROVIDERS, Fitted, Graph, RuntimeKnobs, runner


def _doubling() -> Array:
    """A graph that says ``2 x``, for any number of rows."""
    floats = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", 3]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Add", ["x", "x"], ["y"])], "doubling", floats[:1], floats[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    return np.frombuffer(onnx.ModelProto.SerializeToString(model), dtype=np.uint8)


ASKED: dict[str, Array] = {"x": np.arange(6, dtype=np.float32).reshape(2, 3), "not asked for": np.zeros(1)}
CALL = PairScores(Spec.of("none"))


def test_a_graph_says_what_it_computes_and_comes_back_from_arrays() -> None:
    graph = Graph(_doubling(), ("TensorRT", *PROVIDERS))  # what is not there is passed over
    np.testing.assert_array_equal(graph.answer(CALL, [], ASKED), 2 * ASKED["x"])
    arrays = {name: np.array(one) for name, one in graph.arrays().items()}
    back = Graph.from_arrays({**arrays, "others": np.zeros(2)})
    assert back is not None
    assert back.providers == graph.providers
    np.testing.assert_array_equal(back.answer(CALL, [], {"x": ASKED["x"][:1]}), 2 * ASKED["x"][:1])
    assert Graph.from_arrays({"others": np.zeros(2)}) is None


def _elsewhere(path: Path) -> Array:
    """A graph that adds numbers from another file."""
    numbers = helper.make_tensor("w", TensorProto.FLOAT, [3], np.zeros(3, np.float32))
    numbers.ClearField("float_data")
    numbers.data_location = TensorProto.EXTERNAL
    numbers.external_data.add(key="location", value=str(path))
    floats = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", 3]) for name in ("x", "y")]
    added = helper.make_node("Add", ["x", "w"], ["y"])
    graph = helper.make_graph([added], "adding", floats[:1], floats[1:], initializer=[numbers])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    return np.frombuffer(onnx.ModelProto.SerializeToString(model), dtype=np.uint8)


@pytest.mark.parametrize("absolute", [True, False])
def test_a_graph_reads_no_other_file(absolute: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_bytes(np.ones(3, np.float32).tobytes())
    with pytest.raises(BadBundle, match="ONNX Runtime cannot read the graph of a network"):
        Graph(_elsewhere(tmp_path / "secret" if absolute else Path("secret"))).answer(CALL, [], ASKED)


def test_a_damaged_graph_is_refused() -> None:
    with pytest.raises(BadBundle, match=r"ONNX Runtime cannot read .*; train or export again"):
        Graph(_doubling()[:40]).answer(CALL, [], ASKED)


class _WithoutDriver(ModuleType):
    """ONNX Runtime that was built for a graphics card whose libraries are not there."""

    def __init__(self) -> None:
        super().__init__("onnxruntime")
        self.SessionOptions = onnxruntime.SessionOptions

    def get_available_providers(self) -> list[str]:
        return [NAMES["CUDA"], NAMES["CPU"]]

    def InferenceSession(self, *given: object, providers: list[str]) -> object:  # noqa: N802  # the name it has there
        assert providers == [NAMES["CUDA"], NAMES["CPU"]]
        return onnxruntime.InferenceSession(*given, providers=providers[1:])


def test_a_provider_that_cannot_start_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "require", lambda *name, **why: _WithoutDriver())
    with pytest.warns(UserWarning, match="cannot start CUDAExecutionProvider here, so CPUExecutionProvider answers"):
        np.testing.assert_array_equal(Graph(_doubling()).answer(CALL, [], ASKED), 2 * ASKED["x"])


class _Engine:
    def answer(self, call: object, weights: object, inputs: object) -> str:
        return "the engine"


def test_the_engine_answers_where_there_is_no_graph_or_nothing_to_run_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "chosen_engine", _Engine)
    graph = Graph(_doubling())
    assert runner(graph) is graph
    said: object = Fitted(CALL.spec, []).answer(PairScores, ASKED)
    assert said == "the engine"
    monkeypatch.setattr(runtime, "_runtime_is_there", lambda: False)
    assert isinstance(runner(graph), _Engine)


def test_providers_are_named_as_people_name_them() -> None:
    assert RuntimeKnobs(("TensorRT", "CUDA")).providers == ("TensorRT", "CUDA")
    with pytest.raises(BadKnob, match=r"providers must be some of TensorRT, CUDA, CPU, got \['GPU'\]"):
        RuntimeKnobs(("GPU",))
