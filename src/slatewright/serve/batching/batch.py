"""The slates of all users, from a bundle to a place where others read them."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from slatewright.core.errors import BadInput, NotThere
from slatewright.events.writer_lock import writer_lock
from slatewright.models.recommending import check_k
from slatewright.serve.batching.database import Table
from slatewright.serve.batching.job import PART_USERS, Desk, Job
from slatewright.serve.batching.parquet import ParquetFolder
from slatewright.serve.batching.sinks import Sink
from slatewright.serve.batching.working import Work, worked
from slatewright.store.bundle import read_bundle
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop

DATABASES = ("sqlite:", "postgresql:", "postgres:")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be made: slates of ``k`` items for ``users``, None: for all that the bundle knows.

    ``to`` is a folder, or the URL of a database, which gets ``table``.
    """

    to: str
    k: int = 10
    users: tuple[str, ...] | None = None
    surface: str = ""
    slot: str = ""
    table: str = "slates"
    part_users: int = PART_USERS


@dataclass(frozen=True, slots=True)
class Batched:
    """What came of it: users in all, those of this run, and whether another run had begun it."""

    version: str
    users: int
    made_now: int
    resumed: bool


def batch(
    shop: Shop,
    wish: Wish,
    *,
    now: int,
    version: str | None = None,
    processes: int = 1,
    restart: bool = False,
    progress: Progress = lambda step, done, total: None,
) -> Batched:
    """Make slates and put them to where the wish says, all of them or none; one that was stopped goes on.

    A batch to the same place that was begun and not finished goes on with its bundle and its instant; ``restart`` drops
    it. Each slate is what the bundle answers to a request of that user at that instant.

    Raises:
        NotThere: nothing is live, or there is no such version.
        BadInput: the place is taken by something else, or a batch with other wishes was begun there.
        Busy: somebody else is at it.
        NotWritten: the place refused, or a process died; the same call goes on.
    """
    check_k(wish.k)
    sink = sink_of(wish)
    desk = Desk.of(shop.batches, sink.place)
    with writer_lock(desk.lock, wait=False, tidy=True):
        begun = None if restart else desk.job()
        if begun is None:
            _begin(shop, desk, wish, version or _live(shop), now)
        job, users = _checked(desk, wish, begun, version), desk.users()
        progress("look what is there", 0, job.n_users)
        done = sink.begin(job)
        made = 0
        if done is not None:
            todo = [part for part in range(job.n_parts) if part not in done]
            before = job.n_users - sum(map(job.size_of, todo))
            progress("make slates", before, job.n_users)
            for count in worked(Work(shop.root, job, users, sink), todo, processes):
                made += count
                progress("make slates", before + made, job.n_users)
            progress("put them in place", job.n_users, job.n_users)
            sink.finish(job)
        desk.clear()
    return Batched(job.version, job.n_users, made, begun is not None)


def sink_of(wish: Wish) -> Sink:
    """Where the slates of a wish go."""
    return Table(wish.to, wish.table) if wish.to.startswith(DATABASES) else ParquetFolder(Path(wish.to).resolve())


def _live(shop: Shop) -> str:
    live = Shelf(shop.bundles).live()
    if live is None:
        raise NotThere(f"nothing is live in {shop.root}; run: slatewright train --shop {shop.root}")
    return live


def _begin(shop: Shop, desk: Desk, wish: Wish, version: str, now: int) -> None:
    users: Sequence[str] | pl.Series = (
        read_bundle(Shelf(shop.bundles).folder(version)).tables["users"]["id"]
        if wish.users is None
        else list(dict.fromkeys(wish.users))
    )
    job = Job(
        uuid.uuid4().hex,
        version,
        now,
        wish.k,
        wish.surface,
        wish.slot,
        len(users),
        wish.part_users,
        wish.users is not None,
    )
    desk.begin(job, users)


def _checked(desk: Desk, wish: Wish, begun: Job | None, version: str | None) -> Job:
    """The job that lies there, when it is what is wished for."""
    job = desk.job() if begun is None else begun
    if job is None:
        raise BadInput(f"{desk.root} vanished; nothing else may work on it")
    asked = (wish.k, wish.surface, wish.slot, version or job.version)
    other = (job.k, job.surface, job.slot, job.version) != asked or job.named != (wish.users is not None)
    if other or (wish.users is not None and list(dict.fromkeys(wish.users)) != desk.users().to_list()):
        raise BadInput(
            f"a batch to this place was begun with other options (bundle {job.version}, k {job.k}, "
            f"{job.n_users:,} users); repeat those to go on, or drop it with --restart"
        )
    return job
