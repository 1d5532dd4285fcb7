"""The state of a training on disk after each epoch: a killed process goes on from there, to the same model."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.disk import replacing
from slatewright.core.errors import BadInput
from slatewright.models.neural.engine.engine import Step
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.run import Run
from slatewright.models.neural.task import Task

FILE = "training-{:08x}.npz"  # by what it belongs to: several trainings share a folder


@dataclass(frozen=True)
class Checkpoint:
    """``path`` is the file, None where no state is kept; ``about`` names the training it belongs to."""

    path: Path | None
    about: str

    @classmethod
    def of(cls, task: Task, knobs: NeuralKnobs) -> "Checkpoint":
        """The checkpoint of a training, asked for before its first step."""
        if knobs.checkpoints is None:
            return cls(None, "")
        about = _about(task, knobs)
        return cls(Path(knobs.checkpoints) / FILE.format(zlib.crc32(about.encode())), about)

    def keep(self, run: Run, task: Task, rng: np.random.Generator) -> None:
        """Write the state after an epoch; a process killed meanwhile leaves that of the epoch before.

        Raises:
            NotWritten: the disk refused.
        """
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(self.path) as file:
            np.savez(file, allow_pickle=False, **_arrays(run, task, rng, self.about))

    def resumed(self, task: Task, step: Step, rng: np.random.Generator) -> Run | None:
        """Where a killed training was; the tables and ``rng`` are brought there too. None where there was none.

        Raises:
            BadInput: the file is damaged, or holds the state of another training.
        """
        if self.path is None or not self.path.exists():
            return None
        try:
            return self._resumed(self.path, task, step, rng)
        except BadInput:
            raise
        except (BadZipFile, EOFError, KeyError, ValueError) as error:
            raise BadInput(
                f"{self.path} is damaged, or no state of a training ({error}); remove it to begin anew"
            ) from error

    def _resumed(self, path: Path, task: Task, step: Step, rng: np.random.Generator) -> Run:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            told = json.loads(bytes(kept["told"]))
            if told["about"] != self.about:
                raise BadInput(f"{path} holds the state of another training (other knobs or data); remove it")
            for name, table in task.tables.items():
                table.cells[:], table.steps[:] = kept[f"cells/{name}"], kept[f"steps/{name}"]
            rng.bit_generator.state = told["rng"]
            return _run(kept, told, step)

    def drop(self) -> None:
        """Remove the state of a training that is over, and what was half written when it was killed."""
        if self.path is not None:
            for left in (self.path, *self.path.parent.glob(f".{self.path.name}.*.tmp")):
                left.unlink(missing_ok=True)


def _about(task: Task, knobs: NeuralKnobs) -> str:
    """The knobs that matter, and a digest of the first rows of the tables and of the first batch: other data differ."""
    first = next(iter(task.epoch(np.random.default_rng(0))), None)
    parts: list[Array] = [table.rows[:64] for table in task.tables.values()]
    parts += [] if first is None else [*first.ids.values(), *first.inputs.values(), first.weights]
    digest = zlib.crc32(b"".join(np.ascontiguousarray(one).tobytes() for one in parts))
    sizes = [table.rows.shape for table in task.tables.values()]
    told = {name: repr(value) for name, value in asdict(knobs).items() if name not in {"checkpoints", "tables", "rng"}}
    return f"{type(knobs).__name__} {told} {sizes} {task.steps} {digest}"


def _arrays(run: Run, task: Task, rng: np.random.Generator, about: str) -> Mapping[str, Array]:
    weights, optimiser = run.state.arrays()
    told = {
        "about": about,
        "steps": run.steps,
        "curve": run.curve,
        "best_epoch": run.best_epoch,
        "best": run.best if np.isfinite(run.best) else None,
        "rng": rng.bit_generator.state,
        "weights": len(weights),
        "optimiser": len(optimiser),
        "best_weights": None if run.best_weights is None else len(run.best_weights),
    }
    arrays: dict[str, Array] = {"told": np.frombuffer(json.dumps(told).encode(), dtype=np.uint8)}
    for kind, parts in (("weights", weights), ("optimiser", optimiser), ("best_weights", run.best_weights or ())):
        arrays |= {f"{kind}/{at}": one for at, one in enumerate(parts)}
    for name, table in task.tables.items():
        arrays |= {f"cells/{name}": table.cells, f"steps/{name}": table.steps}
    return arrays | {f"best_rows/{name}": rows for name, rows in run.best_rows.items()}


def _run(kept: Any, told: Mapping[str, Any], step: Step) -> Run:
    weights, optimiser = ([kept[f"{kind}/{at}"] for at in range(told[kind])] for kind in ("weights", "optimiser"))
    n_best = told["best_weights"]
    return Run(
        step.start(weights, optimiser),
        told["steps"],
        [tuple(row) for row in told["curve"]],
        told["best_epoch"],
        -np.inf if told["best"] is None else told["best"],
        None if n_best is None else [kept[f"best_weights/{at}"] for at in range(n_best)],
        {name.removeprefix("best_rows/"): kept[name] for name in kept.files if name.startswith("best_rows/")},
    )
