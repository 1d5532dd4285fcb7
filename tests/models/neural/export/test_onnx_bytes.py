"""A graph in bytes says what the same graph says in 32 bits, as near as bytes are."""

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from slatewright.models.neural.export.onnx_bytes import with_bytes


@pytest.mark.parametrize("by_row", [True, False])
def test_rows_are_looked_up_in_bytes_and_matrices_are_turned_back(by_row: bool) -> None:
    rng = np.random.default_rng(0)
    lengths = np.geomspace(1, 100, 40)[:, None] if by_row else np.geomspace(1, 100, 32)[None]
    table = (rng.standard_normal((40, 32)) * lengths).astype(np.float32)
    matrix = rng.standard_normal((32, 20)).astype(np.float32)
    given = helper.make_tensor_value_info("items", TensorProto.INT64, ["n"])
    said = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("scores", "sums")]
    nodes = [
        helper.make_node("Gather", ["table", "items"], ["rows"], "rows", axis=0),
        helper.make_node("MatMul", ["rows", "matrix"], ["scores"], "scores"),
        helper.make_node("ReduceSum", ["table"], ["sums"], "sums", keepdims=0),  # reads all of the table
    ]
    arrays = [numpy_helper.from_array(one, name) for one, name in ((table, "table"), (matrix, "matrix"))]
    graph = helper.make_graph(nodes, "graph", [given], said, arrays)
    model = with_bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10))
    assert {one.data_type for one in model.graph.initializer if one.name.endswith("_bytes")} == {TensorProto.INT8}
    assert not {"table", "matrix"} & {one.name for one in model.graph.initializer}
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    scores, sums = session.run(None, {"items": np.array([0, 39, 7])})
    expected = table[[0, 39, 7]] @ matrix
    np.testing.assert_allclose(scores, expected, atol=0.02 * np.abs(expected).max())
    assert np.abs(scores - expected).max() > 1e-4
    np.testing.assert_allclose(sums, table.sum(), atol=0.01 * np.abs(table).sum())
