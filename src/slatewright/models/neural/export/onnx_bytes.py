"""A graph of ONNX whose matrices and tables are kept in bytes; what it multiplies are numbers of 32 bits.

ONNX Runtime's dynamic quantisation multiplies in bytes: it rounds also what comes in, all of it by one scale, and each
matrix by one scale, which took 4 to 6 of 100 of the best items from towers where this takes one or two.
"""

from typing import Any

from onnx import TensorProto, helper, numpy_helper

from slatewright.models.neural.export.in_bytes import in_bytes, is_kept


def with_bytes(model: Any) -> Any:
    """The same graph, changed in place: rows that are looked up are turned back after that, the rest as a whole."""
    graph, nodes = model.graph, list(model.graph.node)
    arrays = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    kept = {name: in_bytes(one) for name, one in arrays.items() if one.ndim == 2 and is_kept(one)}
    others = [one for one in graph.initializer if one.name not in kept]
    del graph.node[:], graph.initializer[:]
    graph.initializer.extend(others)
    for name, (whole, scale) in kept.items():
        graph.initializer.extend([numpy_helper.from_array(whole, f"{name}_bytes"),
                                  numpy_helper.from_array(scale, f"{name}_scale")])  # fmt: skip
        if any(name in node.input and not _looks_up(node, name) for node in nodes):
            graph.node.extend(_times(f"{name}_bytes", f"{name}_scale", name))
    for node in nodes:
        table = node.input[0] if len(node.input) else ""
        looked_up = table in kept and _looks_up(node, table)
        graph.node.extend(_rows(node, table, by_row=kept[table][1].shape[1] == 1) if looked_up else [node])
    return model


def _times(kept: str, scale: str, said: str) -> list[Any]:
    """Bytes times their scales. ``DequantizeLinear`` says the same, and ONNX Runtime then rounds what comes in, too."""
    cast = helper.make_node("Cast", [kept], [f"{said}_whole"], f"{said}_whole", to=TensorProto.FLOAT)
    return [cast, helper.make_node("Mul", [f"{said}_whole", scale], [said], said)]


def _looks_up(node: Any, name: str) -> bool:
    """Whether the node takes rows of the table of that name."""
    axes = [one.i for one in node.attribute if one.name == "axis"]
    return node.op_type == "Gather" and node.input[0] == name and axes in ([], [0])


def _rows(node: Any, name: str, *, by_row: bool) -> list[Any]:
    """Rows in bytes, and then times their scales; ``by_row`` tells whether each row has a scale of its own."""
    said, scale = node.output[0], f"{name}_scale"

    def looked_up(table: str, into: str) -> Any:
        return helper.make_node("Gather", [table, node.input[1]], [into], into, axis=0)

    kept = [looked_up(f"{name}_bytes", f"{said}_bytes")]
    if not by_row:
        return [*kept, *_times(f"{said}_bytes", scale, said)]
    return [*kept, looked_up(scale, f"{said}_scale"), *_times(f"{said}_bytes", f"{said}_scale", said)]
