"""Memory of the machine and of a container, told by files that we write; memory that goes back to the system."""

import platform
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from slatewright.core.memory import free_bytes


def test_without_a_limit_it_is_what_the_machine_has_left(tmp_path: Path) -> None:
    assert 0 < free_bytes(tmp_path) <= psutil.virtual_memory().total
    (tmp_path / "memory.max").write_text("max\n")
    assert free_bytes(tmp_path) > 0


def test_a_container_allows_its_limit_less_what_is_used_for_good(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("400000\n")
    assert free_bytes(tmp_path) == 600_000
    (tmp_path / "memory.stat").write_text("anon 300000\ninactive_file 100000\n")
    assert free_bytes(tmp_path) == 700_000


def test_the_older_kind_of_control_group_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory/memory.limit_in_bytes").write_text("1000\n")
    (tmp_path / "memory/memory.usage_in_bytes").write_text("1500\n")
    assert free_bytes(tmp_path) == 0


RUSH = """
import psutil
from slatewright.core.memory import few_arenas, give_back

def resident():
    return psutil.Process().memory_info().rss / 1e6

assert few_arenas(2)
pieces = [bytes(10_000) for _ in range(8_000)]  # 80 MB, in pieces too small to be given back one by one
last = bytes(10_000)  # and the end of the heap stays in use
full = resident()
del pieces
kept, given = resident(), give_back()
print(full - kept < 20, given, full - resident() > 60)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries give memory back by themselves")
def test_what_a_rush_left_behind_goes_back_to_the_system() -> None:
    told = subprocess.run([sys.executable, "-c", RUSH], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "True", "True"]
