"""The process that writes graphs: ``python -m slatewright.models.neural.export.process onnx f32,int8 FOLDER``.

The folder holds ``whole.npz``, and ``asked.npz`` with what graphs are to be asked once they are written. The one of
int8 lies in the folder ``int8`` then, and what it answered in ``int8.npz``.
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import numpy as np

from slatewright.models.neural.export.whole import Whole

WHOLE, ASKED, SAID = "whole.npz", "asked.npz", ".npz"
WRITERS: Mapping[str, str] = {"onnx": "onnx_file", "savedmodel": "saved_model"}


def main(format_: str, precisions: str, folder: Path) -> None:
    """Write the graphs of ``whole.npz`` and ask them."""
    writer = import_module(f"slatewright.models.neural.export.{WRITERS[format_]}")
    with np.load(folder / ASKED, allow_pickle=False) as file:
        asked = dict(file)
    for path in writer.write(Whole.load(folder / WHOLE), folder, precisions.split(",")):
        np.savez(path.parent.with_suffix(SAID), **writer.ask(path, asked))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
