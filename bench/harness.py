"""What every benchmark shares: time a call, measure the memory of a fresh process, keep the result.

A result is one JSON object in the list ``bench/results/NAME.json``: what was measured, the bar, and neutral facts of
the machine (cores, memory, versions), so that figures of different days can be told apart. Compare ratios, not days.
"""

import gc
import importlib
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("slatewright", "numpy", "polars", "numba", "scipy", "deltalake")


@dataclass(frozen=True, slots=True)
class Timing:
    """Wall seconds of several runs of one call, and what the last run returned."""

    runs: tuple[float, ...]
    result: Any

    @property
    def median(self) -> float:
        return statistics.median(self.runs)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a function returned in a process of its own: peak and starting resident bytes, wall seconds of the call."""

    result: Any
    peak: int
    before: int
    seconds: float


def timed(call: Callable[[], Any], *, repeats: int = 3, warmups: int = 0) -> Timing:
    """Run a call several times, without the garbage collector in between; warm-ups (compilation) are not counted."""
    for _ in range(warmups):
        call()
    runs = []
    result = None
    for _ in range(repeats):
        result = None  # the last run's memory must not weigh on this one
        gc.collect()
        start = time.perf_counter()
        result = call()
        runs.append(time.perf_counter() - start)
    return Timing(tuple(runs), result)


def measured(function: Callable[..., Any], **arguments: Any) -> Measured:
    """Call a function of a benchmark file in a fresh process and measure that process.

    Arguments and result must be JSON. The peak is of the whole life of the process, imports included.
    """
    file = Path(sys.modules[function.__module__].__file__ or "")
    command = [sys.executable, __file__, file.stem, function.__name__, json.dumps(arguments)]
    answer = subprocess.run(command, cwd=file.parent, check=True, stdout=subprocess.PIPE, text=True)
    return Measured(**json.loads(answer.stdout.splitlines()[-1]))


def peak_bytes() -> int:
    """The most memory that was ever resident in this process.

    Linux keeps it per address space (VmHWM), so a large parent does not count; elsewhere getrusage has to do.
    """
    known = _status("VmHWM")
    if known is not None:
        return known
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale


def resident_bytes() -> int:
    """The memory that is resident in this process now; the peak where the system tells no more."""
    known = _status("VmRSS")
    return peak_bytes() if known is None else known


def _status(field: str) -> int | None:
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def record(name: str, entry: Mapping[str, Any]) -> Path:
    """Append one result to ``bench/results/NAME.json`` and print it."""
    path = RESULTS / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    entries = json.loads(path.read_text()) if path.is_file() else []
    entries.append({"date": datetime.now(UTC).date().isoformat(), **entry, "machine": machine()})
    path.write_text(json.dumps(entries, indent=1) + "\n")
    print(json.dumps(dict(entry), indent=1))
    return path


def machine() -> dict[str, Any]:
    """Facts that explain a figure and name nobody: cores, memory, system, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load": round(
            os.getloadavg()[0], 1
        ),  # above the number of cores: others were working too, figures are too slow
        "memory_gb": round(memory / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: _version(name) for name in LIBRARIES},
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _answer(module: str, function: str, arguments: str) -> None:
    """The other side of ``measured``."""
    sys.path.insert(0, str(Path(__file__).parent))
    call = getattr(importlib.import_module(module), function)
    before = peak_bytes()
    start = time.perf_counter()
    result = call(**json.loads(arguments))
    seconds = time.perf_counter() - start
    print(json.dumps({"result": result, "peak": peak_bytes(), "before": before, "seconds": seconds}))


if __name__ == "__main__":
    _answer(*sys.argv[1:4])
