"""The process that writes graphs: ``python -m slatewright.models.neural.export.process onnx f32,int8 FOLDER``.

The folder holds ``whole.npz``, ``asked.npz`` with what graphs are to be asked once they are written, and ``exam.npz``
where only the gist of the answers is kept. The graph of int8 lies in the folder ``int8`` then, and what it answered in
``int8.npz``.
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import numpy as np

from slatewright.models.neural.export.judging import Exam
from slatewright.models.neural.export.whole import Whole

WHOLE, ASKED, EXAM, SAID = "whole.npz", "asked.npz", "exam.npz", ".npz"
WRITERS: Mapping[str, str] = {"onnx": "onnx_file", "savedmodel": "saved_model"}


def main(format_: str, precisions: str, folder: Path) -> None:
    """Write the graphs of ``whole.npz`` and ask them."""
    writer = import_module(f"slatewright.models.neural.export.{WRITERS[format_]}")
    with np.load(folder / ASKED, allow_pickle=False) as file:
        asked = dict(file)
    exam = Exam.load(folder / EXAM) if (folder / EXAM).exists() else None
    for path in writer.write(Whole.load(folder / WHOLE), folder, precisions.split(",")):
        answer = writer.opened(path)
        np.savez(path.parent.with_suffix(SAID), **(exam.of_graph(answer, asked) if exam else answer(asked)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
