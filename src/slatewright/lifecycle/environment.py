"""Where a run took place: what of the machine and of its libraries can change a number."""

import os
import platform
import re
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import numba
from threadpoolctl import threadpool_info

from slatewright.store.run import Json

# Settings of the process that choose kernels, threads or the order of sums. Nothing else of it is looked at.
VARIABLES = (
    "CUDA_VISIBLE_DEVICES",
    "MKL_NUM_THREADS",
    "NUMBA_CPU_NAME",
    "NUMBA_DISABLE_JIT",
    "NUMBA_NUM_THREADS",
    "NUMBA_THREADING_LAYER",
    "OMP_NUM_THREADS",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "PYTHONHASHSEED",
)
_TOOLS = frozenset({"dev", "bench"})  # extras that no run uses
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([\w-]+)['"]""")


def environment(variables: Mapping[str, str] = os.environ) -> dict[str, Json]:
    """Python, platform, processor, threads, versions of the libraries; no name of a machine or of a person."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cpus": _cpus(),
        "threads": {"numba": numba.get_num_threads(), "blas": _blas()},
        "variables": {name: variables[name] for name in VARIABLES if name in variables},
        "libraries": libraries(),
    }


def libraries(distribution: str = "slatewright") -> dict[str, str]:
    """The installed version of everything that a distribution asks for, extras included, tools left out."""
    found = {}
    for line in metadata.requires(distribution) or ():
        name, extra = _NAME.match(line), _EXTRA.search(line)
        if name is None or (extra and extra[1] in _TOOLS):
            continue
        try:
            found[name[0]] = metadata.version(name[0])
        except metadata.PackageNotFoundError:
            continue
    return dict(sorted(found.items()))


def _blas() -> list[dict[str, Json]]:
    """The linear algebra that is loaded: which library, built for which processor, with how many threads."""
    wanted = ("internal_api", "version", "architecture", "num_threads")
    found = [{name: one.get(name) for name in wanted} for one in threadpool_info() if one.get("user_api") == "blas"]
    return sorted(found, key=str)


def _cpus() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _processor() -> str:
    """The make of the processor: kernels are chosen by it."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    named = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return named[1].strip() if named else platform.processor()
