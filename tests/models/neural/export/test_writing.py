"""Graphs that plain ONNX Runtime and plain TensorFlow read say what the engine of training says."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from slatewright.core.errors import MissingExtra, NotWritten
from slatewright.models.neural.export import writing
from slatewright.models.neural.export.shapes import exported
from slatewright.models.neural.export.writing import OPSETS, PRECISIONS, lacking, written

from .worlds import differences, histories, models, town

PARITY = 1e-4


@contextmanager
def _graphs(format_: str) -> Iterator[dict[str, Path]]:
    """The graphs of a model by precision; what they said is held against what the model says."""
    model, asked = models()["sasrec"], histories()
    made = exported(model, town().histories().take(np.arange(3, dtype=np.int32)))
    expected = {"vectors": model.user_factors(asked), "scores": model.score(asked)}  # type: ignore[attr-defined]
    with written(made.whole, format_, made.asked(asked, None), PRECISIONS) as graphs:
        for precision, most in {"f32": PARITY, "f16": 0.02, "int8": 0.2}.items():
            found = differences(graphs[precision].said, expected)
            assert max(found.values()) < most, (precision, found)
            assert precision == "f32" or max(found.values()) > 1e-6, f"{precision} changes something"
        yield {precision: one.path for precision, one in graphs.items()}


@pytest.mark.long
def test_a_graph_of_onnx_is_read_by_plain_onnx_runtime() -> None:
    with _graphs("onnx") as paths:
        graph = onnx.load(str(paths["f32"]))
        assert [one.version for one in graph.opset_import if one.domain in ("", "ai.onnx")] == [OPSETS["onnx"]]
        session = onnxruntime.InferenceSession(str(paths["f32"]), providers=["CPUExecutionProvider"])
        asked = exported(models()["sasrec"], histories()).asked(histories(), None)
        for some in (slice(0, 1), slice(3, 20)):  # any number of histories
            scores = session.run(["scores"], {"items": asked["items"][some]})[0]
            np.testing.assert_allclose(scores, models()["sasrec"].score(histories())[some], atol=PARITY)


@pytest.mark.long
def test_a_saved_model_has_the_signature_that_servers_ask_for() -> None:
    with _graphs("savedmodel") as paths:
        assert {path.name for path in paths.values()} == {"1"}, "TensorFlow Serving looks for numbered versions"
        assert (paths["f32"] / "saved_model.pb").is_file()
        assert b"serving_default" in (paths["f32"] / "saved_model.pb").read_bytes()


@pytest.mark.long
@pytest.mark.parametrize(("name", "format_"), [("wide", "onnx"), ("crossed", "savedmodel")])
def test_networks_over_facts_are_asked_by_rows(name: str, format_: str) -> None:
    model, asked = models()[name], histories()
    made = exported(model, town().histories().take(np.arange(3, dtype=np.int32)))
    with written(made.whole, format_, made.asked(asked, None), ("f32",)) as graphs:
        said = graphs["f32"].said["scores"]
    expected = model.score(asked)
    assert said.shape == (expected.size,)
    np.testing.assert_allclose(said.reshape(expected.shape), expected, atol=PARITY)


def test_what_is_not_installed_is_named_with_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = {"torch", "onnxruntime"}
    monkeypatch.setattr(writing, "find_spec", lambda name: None if name in absent else find_spec(name))
    assert lacking("savedmodel") is None
    made = exported(models()["sasrec"], histories())
    line = r"pip install 'slatewright\[torch,onnx\]'"
    with pytest.raises(MissingExtra, match=line), written(made.whole, "onnx", made.asked(histories(), None)):
        pass


def test_a_process_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    made = exported(models()["sasrec"], histories())
    monkeypatch.setitem(os.environ, "PYTHONPATH", "")
    monkeypatch.setattr(writing, "ENGINES", {"onnx": "no-such-engine"})
    with pytest.raises(NotWritten, match="no-such-engine"), written(made.whole, "onnx", made.asked(histories(), None)):
        pass


def test_a_process_that_the_system_ended_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    made = exported(models()["sasrec"], histories())
    ended = subprocess.CompletedProcess([], -9, stderr="a UserWarning of something else")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ended)
    refused = pytest.raises(NotWritten, match="ended by signal 9, as when memory is short")
    with refused, written(made.whole, "onnx", made.asked(histories(), None)):
        pass
