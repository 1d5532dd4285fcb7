"""Exporting: a neural model of a bundle as files that other runtimes serve, judged before they are handed over."""

import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from slatewright.core.arrays import Array, Arrays, Scores
from slatewright.core.clock import iso
from slatewright.core.errors import BadInput, BadKnob, NotWritten
from slatewright.data.histories import Histories
from slatewright.models.model import Model
from slatewright.models.neural.export.shapes import Exported, exported
from slatewright.models.neural.export.writing import FORMATS, OPSETS, PRECISIONS, Written, written
from slatewright.models.shapes.fact_network import FactNetwork
from slatewright.models.topk import top_k
from slatewright.pipeline.world import World

CARD, ITEMS = "card.json", "items.json"
KIND = "slatewright export"
PARITY = 1e-4  # of the largest score, or of 1: how far a graph of whole numbers may be from the engine of training
K = 10
SAMPLE, SCORES = 256, 1 << 22  # users whose answers are compared, and scores that are held for it at most
ROWS = 1 << 16  # the same where each score is asked for by a row of its own
EXAMPLE = 3  # histories that a graph is made of


@dataclass(frozen=True, slots=True)
class ExportCard:
    """What an export is: written beside it as ``card.json``.

    ``parity`` is the largest difference of a score from the engine of training, ``recall`` the share of that engine's
    ten best that are among the export's ten best; both over ``histories`` users of the bundle.
    """

    model: str
    shape: str
    bundle: str
    as_of: str
    format: str
    precision: str
    opset: int | None
    inputs: dict[str, str]
    outputs: dict[str, str]
    parity: float
    recall: float
    histories: int
    bytes: int
    kind: str = KIND


def export(world: World, name: str, to: Path, format_: str = "onnx", precision: str = "f32") -> ExportCard:
    """Write a model of a world into the folder ``to``: the graph, ``items.json`` (item ids by index) and ``card.json``.

    An earlier export there is replaced; whatever stops the writing, it is there whole or as it was.

    Raises:
        BadKnob: there is no such format or precision.
        BadInput: the model is none that can be exported, or ``to`` holds something else.
        NotThere: the recipe has no estimator of that name.
        MissingExtra: what writes the format is not installed.
        NotWritten: the graph cannot be written, or does not say what the model says.
    """
    _check(format_, precision, to)
    model = world.model(name, asked_by="slatewright export")
    asked = _some(model)
    made = exported(model, asked.take(np.arange(min(len(asked), EXAMPLE), dtype=np.int32)))
    with written(made.whole, format_, made.asked(asked), (precision,)) as graphs:
        graph, scores = graphs[precision], model.score(asked)
        card = _card(world, name, made, graph, (format_, precision), parity_and_recall(graph.said, scores), len(asked))
        _check_parity(card, float(np.abs(scores).max(initial=1.0)))
        _put(graph.path, card, world, to)
    return card


def _check(format_: str, precision: str, to: Path) -> None:
    for what, got, known in (("format", format_, FORMATS), ("precision", precision, PRECISIONS)):
        if got not in known:
            raise BadKnob(f"the {what} of an export must be one of {', '.join(known)}, got {got!r}")
    if to.exists() and not _is_export(to) and not (to.is_dir() and not any(to.iterdir())):
        raise BadInput(f"{to} must be a new folder, an empty one or an earlier export; it holds something else")


def _is_export(folder: Path) -> bool:
    try:
        found: Any = orjson.loads((folder / CARD).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return False
    return isinstance(found, dict) and found.get("kind") == KIND


def _some(model: Model) -> Histories:
    """Histories of users that the bundle knows, spread over all of them, and one without any event."""
    known = model.known.histories
    room = ROWS if isinstance(model, FactNetwork) else SCORES
    most = max(EXAMPLE, min(SAMPLE, room // max(1, len(model.known.items))))
    came = np.flatnonzero(known.lengths() > 0)
    chosen = came[np.unique(np.linspace(0, max(len(came) - 1, 0), min(most, len(came))).astype(np.int64))]
    return Histories.end_to_end([known.take(chosen.astype(np.int32)), Histories.of([[], []])])


def parity_and_recall(said: Arrays, scores: Scores) -> tuple[float, float]:
    """Parity and recall; what a graph says of rows of a person and an item each is brought into a row per person."""
    k, told = min(K, scores.shape[1]), np.array(said["scores"], dtype=np.float32).reshape(scores.shape)
    ours, theirs = (top_k(one, k)[0] for one in (np.array(scores), told.copy()))
    found = (ours[:, :, None] == theirs[:, None, :]).any(axis=2)
    return float(np.abs(told - scores).max(initial=0.0)), float(found.mean()) if found.size else 1.0


def _card(
    world: World,
    name: str,
    made: Exported,
    graph: Written,
    how: tuple[str, str],
    judged: tuple[float, float],
    n: int,
) -> ExportCard:
    return ExportCard(
        name,
        world.models[name].shape,
        world.version,
        iso(world.as_of),
        *how,
        OPSETS[how[0]],
        dict(made.told),
        {output: _spoken(graph.said[output]) for output in made.whole.outputs},
        *judged,
        n,
        bytes_of(graph.path),
    )


def bytes_of(path: Path) -> int:
    """How large a file is, or all files of a folder."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return sum(file.stat().st_size for file in files)


def _spoken(array: Array) -> str:
    return f"{array.dtype} ({', '.join(['batch', *map(str, array.shape[1:])])}{',' if array.ndim == 1 else ''})"


def _check_parity(card: ExportCard, largest: float) -> None:
    if card.precision == "f32" and not card.parity <= PARITY * largest:
        raise NotWritten(
            f"the export of {card.model} says other scores than the model: by {card.parity:.2g}, where the largest is "
            f"{largest:.2g}; nothing was written"
        )


def _put(graph: Path, card: ExportCard, world: World, to: Path) -> None:
    """Fill a folder beside, then put it in place."""
    beside = to.with_name(f".{to.name}.{os.getpid()}.tmp")
    try:
        beside.mkdir(parents=True)
        shutil.move(graph, beside / graph.name)
        (beside / ITEMS).write_bytes(orjson.dumps(world.catalogue.items.names.to_list()))
        (beside / CARD).write_bytes(orjson.dumps(asdict(card), option=orjson.OPT_INDENT_2))
        if to.exists():
            shutil.rmtree(to)
        beside.rename(to)
    except OSError as error:
        raise NotWritten(f"{to} could not be written: {error}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
