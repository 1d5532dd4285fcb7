"""A job: which slates are to be made, part by part. It lies in the shop's folder until they all are.

batches/<target>/job.json      what was asked, of which bundle, at which instant
batches/<target>/users.arrow   for whom, in order
"""

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from slatewright.core.disk import sync
from slatewright.core.errors import BadInput
from slatewright.store.files import replace_bytes

JOB, USERS = "job.json", "users.arrow"
PART_USERS = 2000  # users whose slates are kept in one step: what a kill costs at most, in each process


@dataclass(frozen=True, slots=True)
class Job:
    """Slates of ``k`` items at ``now`` (µs UTC) by one bundle for ``n_users`` users, ``part_users`` in a part.

    ``named``: the users were named, they are not all of the bundle.
    """

    id: str
    version: str
    now: int
    k: int
    surface: str
    slot: str
    n_users: int
    part_users: int = PART_USERS
    named: bool = False

    @property
    def n_parts(self) -> int:
        """How many parts there are; one at least, so that a batch for nobody leaves an empty table."""
        return max(1, -(-self.n_users // self.part_users))

    def size_of(self, part: int) -> int:
        """How many users a part has."""
        return max(0, min(self.part_users, self.n_users - part * self.part_users))

    def users_of(self, part: int, users: pl.Series) -> list[str]:
        """The users of a part."""
        names: list[str] = users.slice(part * self.part_users, self.part_users).to_list()
        return names


@dataclass(frozen=True, slots=True)
class Desk:
    """The folder of the job for one target."""

    root: Path

    @classmethod
    def of(cls, batches: Path, target: str) -> "Desk":
        """The desk of a target below the folder of batches; its name tells nothing of a password in a URL."""
        return cls(batches / hashlib.sha256(target.encode()).hexdigest()[:16])

    @property
    def lock(self) -> Path:
        """Held by whoever works on the job."""
        return self.root.with_suffix(".lock")

    def job(self) -> Job | None:
        """The job that was begun and not finished; None where there is none.

        Raises:
            BadInput: what lies there is no job.
        """
        try:
            raw: dict[str, Any] = orjson.loads((self.root / JOB).read_bytes())
            return Job(**raw)
        except FileNotFoundError:
            return None
        except (TypeError, ValueError) as error:
            raise BadInput(f"{self.root / JOB} is not a job: {error}; begin anew with --restart") from error

    def users(self) -> pl.Series:
        """For whom."""
        return pl.read_ipc(self.root / USERS)["user_id"]

    def begin(self, job: Job, users: Sequence[str] | pl.Series) -> None:
        """Lay a job down; whoever stops this leaves no job or the whole one."""
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir(parents=True)
        pl.DataFrame({"user_id": users}, schema={"user_id": pl.String}).write_ipc(self.root / USERS)
        sync(self.root / USERS)
        replace_bytes(self.root / JOB, orjson.dumps(asdict(job), option=orjson.OPT_INDENT_2))

    def clear(self) -> None:
        """Nothing is left to be done."""
        (self.root / JOB).unlink(missing_ok=True)  # first of all: without it there is no job
        shutil.rmtree(self.root, ignore_errors=True)
