"""A small town to tune in, and estimators that misbehave."""

import os
import signal
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np

from slatewright.core.errors import Diverged, NoRoom
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.data.splits import GlobalTime
from slatewright.models import ALS, ItemKNN, Model

from ..test_judging import town

FOLD = next(GlobalTime(at="1970-01-01T00:00:00.000006", validation_share=0.25).split(town()))
WRONG = ("fine", "raise", "room", "memory", "kill", "diverge")
TOWN = ALS(embedding_dim=2, epochs=4)


@dataclass(frozen=True)
class Peak:
    """Best at ``reg`` 1: the further away, the more events are of random items; and it can go wrong."""

    reg: Annotated[float, Knob("distance from the best", above=0, search=(0.01, 100))] = 30.0
    shrinkage: Annotated[int, Knob("of no consequence", least=0, search=(0, 9))] = 0
    weighting: Annotated[
        str, Knob("what goes wrong", choices=("fine", "raise", "room", "memory", "kill", "diverge"))
    ] = "fine"

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> Model:
        self._go_wrong()
        table, rng = dataset.interactions, np.random.default_rng(0)
        wrong = rng.random(len(table)) < abs(np.log(self.reg)) / np.log(100)
        item = np.where(wrong, rng.integers(dataset.n_items, size=len(table)), table.item).astype(np.int32)
        return ItemKNN().fit(replace(dataset, interactions=replace(table, item=item)))

    def _go_wrong(self) -> None:
        if self.weighting == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        wrong: dict[str, Exception] = {
            "raise": ZeroDivisionError("a bug"),
            "room": NoRoom("this would need 900 GB"),
            "memory": MemoryError(),
            "diverge": Diverged("lower learning_rate"),
        }
        if self.weighting in wrong:
            raise wrong[self.weighting]


@dataclass(frozen=True)
class Diarist:
    """Writes into a file with what it was fitted; waits for ever after as many fits as the file beside it says."""

    reg: Annotated[float, Knob("some number", above=0, search=(0.01, 100))] = 30.0
    method: Annotated[str, Knob("the file")] = ""

    def fit(self, dataset: Dataset) -> Model:
        diary, limit = Path(self.method), Path(f"{self.method}.limit")
        with diary.open("a", encoding="ascii") as stream:
            stream.write(f"{self.reg}\n")
        if limit.is_file() and len(diary.read_text(encoding="ascii").split()) > int(limit.read_text(encoding="ascii")):
            threading.Event().wait()
        return Peak(self.reg).fit(dataset)
