"""What becomes of a graph before it is handed over."""

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper


@pytest.mark.long
def test_a_number_that_two_nodes_want_in_32_bits_is_turned_back_once() -> None:
    from slatewright.models.neural.export.onnx_file import _in_halves  # PyTorch, too slow for whoever runs other tests

    given, said = (helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n"]) for name in ("given", "said"))
    one = helper.make_tensor("one", TensorProto.FLOAT, [1], [1.0])
    steps = [("Add", "given given", "twice"), ("Max", "twice one", "most"), ("Min", "twice one", "least")]
    nodes = [helper.make_node(kind, asked.split(), [made], made) for kind, asked, made in steps]
    nodes.append(helper.make_node("Sub", ["most", "least"], ["said"], "said"))
    graph = helper.make_graph(nodes, "apart", [given], [said], [one])
    model = _in_halves(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found = session.run(["said"], {"given": np.array([0.25, 0.5, 2.0], dtype=np.float32)})[0]
    np.testing.assert_array_equal(found, np.array([0.5, 0.0, 3.0], dtype=np.float32))
