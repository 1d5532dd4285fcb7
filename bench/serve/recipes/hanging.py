"""The full recipe with one source more, which hangs as long as a file is there that the environment names."""

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from full import recipe as full

from slatewright.pipeline.contracts import Proposal, Query
from slatewright.pipeline.world import World

HANG = "SLATEWRIGHT_BENCH_HANG"
OFFERED = 50


@dataclass(frozen=True)
class Elsewhere:
    """A source that asks somebody else."""

    name: str = "elsewhere"

    def bind(self, world: World) -> "Elsewhere":
        return self

    def propose(self, query: Query) -> Proposal:
        while os.environ.get(HANG) and Path(os.environ[HANG]).exists():
            time.sleep(0.05)
        items = np.arange(OFFERED, dtype=np.int32)
        return Proposal(items, np.linspace(1, 0.5, OFFERED, dtype=np.float32))


recipe = replace(full, sources=(*full.sources, Elsewhere()))
