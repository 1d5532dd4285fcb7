"""The slates of many users as one table, by the same four stages as the slate of one request."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Scores
from slatewright.data.showings import MOST_SHOWN
from slatewright.events.journal import Journal
from slatewright.features.live import LiveHistories, LiveLimits, LiveShown
from slatewright.pipeline.answering import slate_id
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.request import Request
from slatewright.pipeline.running import run
from slatewright.serve.asking import query_of
from slatewright.serve.batching.database import COLUMNS
from slatewright.serve.batching.job import Job
from slatewright.serve.counting import count_until
from slatewright.serve.live_bundle import LiveBundle
from slatewright.serve.live_facts import LiveFacts
from slatewright.serve.policy import Policy
from slatewright.serve.replaying import GRACE, replay, replay_shown
from slatewright.serve.settings import Serving
from slatewright.serve.told_users import ToldUsers
from slatewright.store.shop import Shop


@dataclass(frozen=True, slots=True)
class _Made:
    """A slate in indices: ``items``, ``marks``, ``source`` (<= k,), the last pointing into ``source_names``."""

    items: Index
    marks: Scores
    source: Index
    source_names: tuple[str, ...]
    fallback: str | None
    slate_id: str


@dataclass(frozen=True, slots=True)
class Kitchen:
    """A bundle, opened once, and what happened since it learned.

    Users and counts are those of the job's instant. Rules and facts of items are those of now: what was hidden since a
    batch was stopped is in no slate that it makes when it goes on.
    """

    bundle: LiveBundle
    live: LiveHistories
    shown: LiveShown
    told: ToldUsers

    @classmethod
    def of(cls, shop: Shop, job: Job) -> "Kitchen":
        """Open the bundle of a job under the shop's rules, and read what happened before its instant.

        Raises:
            NotThere: the bundle is gone.
            BadBundle: the bundle is not whole.
            BadInput: the shop's rules cannot be used, and none that could are kept.
        """
        pipeline = Policy(shop).over(open_pipeline(shop, job.version))
        bundle = LiveBundle(job.version, pipeline, shop.weighing())
        serving = shop.knobs("serve", Serving)
        live = LiveHistories(LiveLimits(serving.max_live_events, serving.max_live_events_per_user))
        journal = Journal(shop.journal)
        try:
            since = bundle.world.as_of - GRACE
            events = replay(shop.log, journal, since, serving.max_live_events)
            asks = pipeline.stages.asks_shown
            slates = replay_shown(shop.log, journal, since, serving.max_live_shown) if asks else []
            count_until(shop, journal, bundle.world, job.now)
            LiveFacts(shop.log, journal).prepare(bundle.world, since)
            told = ToldUsers(shop.log, journal, serving.max_told_facts)
            told.prepare(since, before=job.now)
        finally:
            journal.close()
        live.apply(event for event in events if event.time < job.now)
        shown = LiveShown(LiveLimits(serving.max_live_shown, MOST_SHOWN))
        shown.apply(one for one in slates if one.time < job.now)
        return cls(bundle, live, shown, told)

    def slates(self, job: Job, users: Sequence[str]) -> Frame:
        """The slates of users, a row for each item, in the order of the users and of the slates."""
        made = [self._one(job, user) for user in users]
        nothing = np.empty(0, dtype=np.int32)
        of_user = pl.Series(np.repeat(np.arange(len(users), dtype=np.uint32), [len(one.items) for one in made]))
        names = self.bundle.world.catalogue.items.names
        columns = {
            "user_id": pl.Series(users, dtype=pl.String).gather(of_user),
            "position": np.concatenate([nothing, *(np.arange(1, len(one.items) + 1, dtype=np.int32) for one in made)]),
            "item_id": names.gather(np.concatenate([nothing, *(one.items for one in made)])),
            "score": np.concatenate([nothing.astype(np.float32), *(one.marks for one in made)]),
            "source": _sources(made),
            "fallback": pl.Series([one.fallback for one in made], dtype=pl.String).gather(of_user),
            "slate_id": pl.Series([one.slate_id for one in made], dtype=pl.String).gather(of_user),
            "version": pl.repeat(job.version, len(of_user), dtype=pl.String, eager=True),
            "time": pl.repeat(job.now, len(of_user), dtype=pl.Int64, eager=True).cast(COLUMNS["time"]),
        }
        return pl.DataFrame(columns, schema=COLUMNS)

    def _one(self, job: Job, user: str) -> _Made:
        """The slate of a user, as the server makes it; of how it came about, nothing is held longer than needed."""
        request = Request(job.k, job.now, user, surface=job.surface, slot=job.slot)
        query = query_of(self.bundle, request, self.live.read(user), self.shown.read(user), self.told.read(user))
        outcome = run(self.bundle.pipeline.stages, query)
        name = slate_id(self.bundle.world.version, query)
        told = outcome.trace.source_names
        return _Made(outcome.items, outcome.marks, outcome.source, told, outcome.fallback, name)


def _sources(made: Sequence[_Made]) -> pl.Series:
    """The name of the source of each item of all slates, str (total,)."""
    names: list[str] = []
    starts: dict[tuple[str, ...], int] = {}  # newcomers have other sources than the rest
    codes = [np.empty(0, dtype=np.int32)]
    for one in made:
        if one.source_names not in starts:
            starts[one.source_names] = len(names)
            names += one.source_names
        codes.append(one.source + np.int32(starts[one.source_names]))
    return pl.Series(names, dtype=pl.String).gather(np.concatenate(codes))
