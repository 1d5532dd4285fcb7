"""Writing a graph: in a process of its own on the engine that the format asks for, whichever engine runs here."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.errors import MissingExtra, NotWritten
from slatewright.models.neural.export.judging import Exam
from slatewright.models.neural.export.process import ASKED, EXAM, SAID, WHOLE
from slatewright.models.neural.export.whole import Whole

FORMATS = ("onnx", "savedmodel")
PRECISIONS = ("f32", "f16", "int8")
ENGINES: Mapping[str, str] = {"onnx": "torch", "savedmodel": "tensorflow"}
OPSETS: Mapping[str, int | None] = {"onnx": 18, "savedmodel": None}
NEEDED: Mapping[str, tuple[tuple[str, str], ...]] = {  # modules, and the extras that have them
    "onnx": (("keras", "torch"), ("torch", "torch"), ("onnxscript", "onnx"), ("onnxruntime", "onnx")),
    "savedmodel": (("keras", "tensorflow"), ("tensorflow", "tensorflow")),
}
LAST_LINES = 3  # of what a process complained that are told


@dataclass(frozen=True, slots=True)
class Written:
    """``path`` is the file or folder of the graph, ``said`` what it answered to what it was asked, by name; where
    an ``Exam`` was given, only what that keeps."""

    path: Path
    said: Mapping[str, Array]


def lacking(format_: str) -> str | None:
    """The pip line that is needed before a format can be written; None where everything is there."""
    extras = [extra for module, extra in NEEDED[format_] if find_spec(module) is None]
    return f"pip install 'slatewright[{','.join(dict.fromkeys(extras))}]'" if extras else None


@contextmanager
def written(
    whole: Whole,
    format_: str,
    asked: Mapping[str, Array],
    precisions: Sequence[str] = ("f32",),
    exam: Exam | None = None,
) -> Iterator[Mapping[str, Written]]:
    """Graphs by precision, in folders that are gone afterwards, and what they say to ``asked``.

    Raises:
        MissingExtra: what writes this format is not installed.
        NotWritten: the network cannot be written in this format.
    """
    if (line := lacking(format_)) is not None:
        raise MissingExtra(f"writing {format_} needs what is not installed: {line}")
    with TemporaryDirectory(prefix="slatewright-export-") as name:
        folder = Path(name)
        whole.save(folder / WHOLE)
        np.savez(folder / ASKED, **cast(Mapping[str, Any], asked))
        if exam is not None:
            exam.save(folder / EXAM)
        _run(format_, precisions, folder)
        yield {one: _one(folder / one) for one in precisions}


def _one(folder: Path) -> Written:
    with np.load(folder.with_suffix(SAID), allow_pickle=False) as said:
        return Written(next(folder.iterdir()), dict(said))


def _run(format_: str, precisions: Sequence[str], folder: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "slatewright.models.neural.export.process",
        format_,
        ",".join(precisions),
        str(folder),
    ]
    environment = {**os.environ, "KERAS_BACKEND": ENGINES[format_], "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode < 0:
        raise NotWritten(
            f"the process that writes {format_} was ended by signal {-done.returncode}, as when memory is short: "
            "free some, or fit shorter vectors"
        )
    if done.returncode > 0:
        lines = [line for line in done.stderr.splitlines() if line.strip() and "Warning" not in line][-LAST_LINES:]
        raise NotWritten(f"the network cannot be written as {format_}: {' / '.join(lines)}")
