"""A graph of ONNX, written by PyTorch and read by ONNX Runtime; both run in a process of their own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.transformers.float16 import convert_float_to_float16

from slatewright.core.arrays import Array
from slatewright.models.neural.engine.stateless import answered
from slatewright.models.neural.export.onnx_bytes import with_bytes
from slatewright.models.neural.export.whole import Whole
from slatewright.models.neural.export.writing import OPSETS

FILE = "model.onnx"


class _Module(torch.nn.Module):  # type: ignore[misc]  # PyTorch is read as untyped
    """A call over its weights and tables; what is asked comes in by place."""

    def __init__(self, whole: Whole) -> None:
        super().__init__()
        self.call, self.names, self.n = whole.made(), list(whole.inputs), len(whole.weights)
        self.tables = list(whole.tables)
        self.call.network()  # built now: while a graph is recorded nothing can be built
        for at, one in enumerate((*whole.weights, *whole.tables.values())):
            self.register_buffer(f"array_{at}", torch.from_numpy(np.array(one)))

    def forward(self, *asked: Any) -> Any:
        weights = [getattr(self, f"array_{at}") for at in range(self.n)]
        tables = {name: getattr(self, f"array_{self.n + at}") for at, name in enumerate(self.tables)}
        return answered(self.call, weights, {**dict(zip(self.names, asked, strict=True)), **tables})


def write(whole: Whole, folder: Path, precisions: Sequence[str]) -> Iterator[Path]:
    """Write a ``model.onnx`` for each precision: f32, f16 or int8."""
    exact = folder / "exact.onnx"
    onnx.save(_bare(_program(whole).model_proto), str(exact))
    for precision in precisions:
        path = folder / precision / FILE
        path.parent.mkdir()
        if precision == "f16":
            onnx.save(_in_halves(onnx.load(str(exact))), str(path))
        elif precision == "int8":
            onnx.save(with_bytes(onnx.load(str(exact))), str(path))
        else:
            copyfile(exact, path)
        yield path
    exact.unlink()


def _in_halves(model: Any) -> Any:
    """Numbers of 16 bits; a number that two nodes want in 32 bits is turned back once, where the tool would do it twice
    under one name."""
    halved = convert_float_to_float16(model, keep_io_types=True)
    made: set[str] = set()
    nodes = list(halved.graph.node)
    del halved.graph.node[:]
    for node in nodes:
        if not made.issuperset(node.output):
            halved.graph.node.append(node)
            made.update(node.output)
    return halved


def _program(whole: Whole) -> Any:
    axes = {name: torch.export.Dim(name) for one in whole.axes.values() for name in one.values()}
    shapes = tuple({at: axes[axis] for at, axis in whole.axes.get(name, {}).items()} for name in whole.inputs)
    return torch.onnx.export(
        _Module(whole).eval(),
        tuple(torch.from_numpy(np.array(one)) for one in whole.inputs.values()),
        dynamo=True,
        opset_version=OPSETS["onnx"],
        input_names=list(whole.inputs),
        output_names=list(whole.outputs),
        dynamic_shapes={"asked": shapes},
        verbose=False,
    )


def _bare(model: Any) -> Any:
    """Without notes on where in our code a node comes from, so that equal networks give equal bytes."""
    for part in (model, model.graph, *model.graph.node, *model.graph.value_info, *model.functions):
        del part.metadata_props[:]
        if part is not model:
            part.doc_string = ""
    return model


def opened(path: Path) -> Callable[[Mapping[str, Array]], Mapping[str, Array]]:
    """The file in plain ONNX Runtime: what it says to inputs, by name."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    wanted, names = ({one.name for one in session.get_inputs()}, [one.name for one in session.get_outputs()])

    def answer(inputs: Mapping[str, Array]) -> Mapping[str, Array]:
        said = session.run(None, {name: one for name, one in inputs.items() if name in wanted})
        return dict(zip(names, said, strict=True))

    return answer
