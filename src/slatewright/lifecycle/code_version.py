"""Which code ran: the package's version, the sum of its sources, and the commit where it runs from a checkout."""

import hashlib
import os
import subprocess
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import slatewright
from slatewright.store.run import Json

PACKAGE = Path(slatewright.__file__).parent
_SOURCES = ("*.py", "*.txt")
_GIT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Checkout:
    """The commit that the sources were checked out at, and whether they were changed since."""

    commit: str
    changed: bool


@cache
def code_version() -> dict[str, Json]:
    """The version of the package, the sha256 of its sources, and the ``Checkout`` or None, as this process found them.

    Ask before the work starts: sources on disk may change while it runs.
    """
    checkout = checkout_of(PACKAGE)
    return {
        "slatewright": slatewright.__version__,
        "sources": sources_sum(PACKAGE),
        "checkout": None if checkout is None else asdict(checkout),
    }


def sources_sum(package: Path) -> str:
    """The sha256 over names and contents of all sources below a folder."""
    total = hashlib.sha256()
    for path in sorted({path for pattern in _SOURCES for path in package.rglob(pattern)}):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(package).as_posix()} {content}\n".encode())
    return total.hexdigest()


def checkout_of(package: Path) -> Checkout | None:
    """The state of the Git checkout that a package lies in; None where Git knows nothing of it.

    A package installed into the folder of some other project is no checkout of ours: its files are not that project's.
    """
    if _git(package, "ls-files", "--error-unmatch", "__init__.py") is None:
        return None
    commit, changes = _git(package, "rev-parse", "HEAD"), _git(package, "status", "--porcelain", "--", ".")
    return None if commit is None or changes is None else Checkout(commit, bool(changes))


def _git(folder: Path, *words: str) -> str | None:
    """What Git answers, or None where it refuses, is not installed, or does not come back."""
    quiet = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603 (fixed words, our own folder)
            ["git", "-C", str(folder), *words],  # noqa: S607
            check=True,
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            env=quiet,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout.strip()
