import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from slatewright.core.errors import Busy
from slatewright.events.writer_lock import writer_lock

HOLDER = """
import sys
from pathlib import Path
from slatewright.events.writer_lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""

TIDY = """
import os, sys
from pathlib import Path
from slatewright.events.writer_lock import writer_lock
lock, alone = Path(sys.argv[1]), Path(sys.argv[1]).with_suffix(".alone")
for _ in range(200):
    with writer_lock(lock, tidy=True):
        os.close(os.open(alone, os.O_CREAT | os.O_EXCL))
        alone.unlink()
"""


def test_the_same_thread_may_enter_again(tmp_path: Path) -> None:
    lock = tmp_path / "new" / "writer.lock"
    with writer_lock(lock), writer_lock(lock, wait=False):
        assert lock.read_text() == f"{os.getpid()}\n"
    with writer_lock(lock, wait=False):
        pass


def test_another_thread_is_told_that_it_is_busy(tmp_path: Path) -> None:
    errors: list[Busy] = []

    def enter() -> None:
        try:
            with writer_lock(tmp_path / "writer.lock", wait=False):
                pass
        except Busy as error:
            errors.append(error)

    with writer_lock(tmp_path / "writer.lock"):
        other = threading.Thread(target=enter)
        other.start()
        other.join()
    assert "another thread" in str(errors[0])


def test_another_process_is_named_and_its_death_lets_go(tmp_path: Path) -> None:
    lock = tmp_path / "writer.lock"
    command = [sys.executable, "-c", HOLDER, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Busy, match=f"process {holder.pid};"), writer_lock(lock, wait=False):
            pass
        holder.kill()
    with writer_lock(lock, wait=False):
        assert lock.read_text() == f"{os.getpid()}\n"


def test_a_tidy_lock_leaves_no_file_and_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / "tidy.lock"
    with writer_lock(lock, tidy=True), writer_lock(lock, wait=False, tidy=True):
        assert lock.exists()
    assert not lock.exists()
    holders = [subprocess.Popen([sys.executable, "-c", TIDY, str(lock)]) for _ in range(3)]
    assert [one.wait() for one in holders] == [0, 0, 0]
    assert list(tmp_path.iterdir()) == []
