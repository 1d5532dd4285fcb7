"""Exporting: a neural model of a bundle as files that other runtimes serve, judged before they are handed over."""

import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from slatewright.core.arrays import Array
from slatewright.core.clock import iso
from slatewright.core.errors import BadInput, BadKnob, NotWritten
from slatewright.models.neural.export.judging import SEEN, Trial, parity_and_recall, spread
from slatewright.models.neural.export.shapes import Exported, exported
from slatewright.models.neural.export.writing import FORMATS, OPSETS, PRECISIONS, Written, written
from slatewright.pipeline.world import World

CARD, ITEMS = "card.json", "items.json"
KIND = "slatewright export"
PARITY = 1e-4  # of the largest score, or of 1: how far a graph of whole numbers may be from the engine of training
EXAMPLE = 3  # histories that a graph is made of


@dataclass(frozen=True, slots=True)
class ExportCard:
    """What an export is: written beside it as ``card.json``.

    ``parity`` is the largest difference of a score from the engine of training, ``recall`` the share of that engine's
    ten best that are among the export's ten best; both over ``histories`` users of the bundle. The best are those of
    ``ranked`` items, the scores those of ``compared`` items: all, or so many drawn with a fixed seed.
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
    ranked: int
    compared: int
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
    made = exported(model, spread(model, EXAMPLE))
    trial = Trial.of(model, made)
    with written(made.whole, format_, trial.asked(made), (precision,), trial.exam) as graphs:
        graph, expected = graphs[precision], trial.of_model(model)
        card = _card(world, name, made, (format_, precision), parity_and_recall(graph.said, expected), graph, trial)
        _check_parity(card, float(np.abs(expected[SEEN]).max(initial=1.0)))
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


def _card(
    world: World,
    name: str,
    made: Exported,
    how: tuple[str, str],
    judged: tuple[float, float],
    graph: Written,
    trial: Trial,
) -> ExportCard:
    n_items = len(world.models[name].known.items)
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
        len(trial.people),
        n_items if trial.among is None else len(trial.among),
        len(trial.exam.compared),
        bytes_of(graph.path),
    )


def bytes_of(path: Path) -> int:
    """How large a file is, or all files of a folder."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return sum(file.stat().st_size for file in files)


def _spoken(array: Array) -> str:
    return f"{array.dtype} ({', '.join(['batch', *map(str, array.shape[1:])])}{',' if array.ndim == 1 else ''})"


def _check_parity(card: ExportCard, largest: float) -> None:
    if not np.isfinite(card.parity):
        raise NotWritten(
            f"the export of {card.model} in {card.precision} says scores that are no finite numbers, where the model's "
            f"largest is {largest:.2g}; nothing was written, take another precision"
        )
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
