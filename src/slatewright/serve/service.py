"""The service behind the routes: events in, slates out, eyes on the live pointer. Synchronous and thread-safe."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from slatewright.core.errors import BadInput, BadKnob, Busy, NotWritten
from slatewright.core.memory import give_back
from slatewright.events.journal import Events, Journal, Receipt
from slatewright.events.records import Impression, Interaction, ItemUpdate
from slatewright.explain.answered import kept_in
from slatewright.features.live import LiveHistories, LiveLimits
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.keeping import keep
from slatewright.pipeline.request import Request
from slatewright.pipeline.slate import Slate, TitledSlate
from slatewright.serve.asked import Asked
from slatewright.serve.asking import like, query_of
from slatewright.serve.counting import Counting
from slatewright.serve.following import Alone, Follower, Following, TakeIn
from slatewright.serve.guarding.last_resort import without_words
from slatewright.serve.ladder import Ladder
from slatewright.serve.live_bundle import LiveBundle, LivePointer
from slatewright.serve.live_facts import LiveFacts
from slatewright.serve.live_shown import ShownLately
from slatewright.serve.metrics import Metrics
from slatewright.serve.policy import Policy
from slatewright.serve.refusing import NotReady
from slatewright.serve.replaying import GRACE, replay
from slatewright.serve.responses import SlateOut
from slatewright.serve.settings import Serving
from slatewright.serve.standby import Standby
from slatewright.serve.ticking import Ticker
from slatewright.serve.told_users import ToldUsers
from slatewright.serve.workers.crew import Crew, on_duty
from slatewright.store.kept_slates import Entry, KeptSlates
from slatewright.store.shop import Shop

log = logging.getLogger("slatewright.serve")

STANDBY_SECONDS = 10.0  # between two looks at what is popular and may be shown
GIVE_BACK_SECONDS = 10.0  # between two times that freed memory goes back to the system


class Service:
    """One running shop. ``start`` it before the first request, ``stop`` it after the last.

    Where it is one worker of several, ``crew`` is what it knows of the others.
    """

    def __init__(
        self, shop: Shop, serving: Serving, metrics: Metrics, redis_url: str | None = None, crew: Crew | None = None
    ) -> None:
        if serving.counts_in_redis and redis_url is None:
            raise BadKnob("Serving.counts_in_redis needs the address of a Redis in SLATEWRIGHT_REDIS_URL, got none")
        self.shop, self.serving, self.metrics = shop, serving, metrics
        self.journal = Journal(shop.journal)
        self.live = LiveHistories(LiveLimits(serving.max_live_events, serving.max_live_events_per_user))
        self.counting = Counting(shop, self.journal, redis_url if serving.counts_in_redis else None)
        self.shown = ShownLately(shop.log, self.journal, serving.max_live_shown)
        self.facts = LiveFacts(shop.log, self.journal)
        self.told = ToldUsers(shop.log, self.journal, serving.max_told_facts)
        self.policy = Policy(shop)
        self.pointer = LivePointer(shop, self.policy.over, self._prepare)
        share = 1.0 if crew is None else 1 / crew.workers
        self.kept = KeptSlates(kept_in(shop.root), round(serving.explain_mb * 1e6), share=share)
        self._crew, take_in = crew, TakeIn(self._see, self._read_back, metrics.failed)
        self.following: Follower = Alone(take_in) if crew is None else Following(self.journal, crew.bell, take_in)
        self._ladder = Ladder(metrics.failed)
        self._standby: Standby | None = None
        self._since: int | None = None  # live histories reach back to here
        self._tickers = (
            Ticker("flush", serving.flush_seconds, on_duty(crew, self.flush), self.metrics.failed),
            Ticker("watch", serving.watch_seconds, self.look, self.metrics.failed),
            Ticker("count", serving.watch_seconds, self.counting.look_after, self.metrics.failed),
            Ticker("snapshot", serving.snapshot_seconds, on_duty(crew, self.counting.save), self.metrics.failed),
            Ticker("standby", STANDBY_SECONDS, self._stand_by, self.metrics.failed),
            Ticker("give back", GIVE_BACK_SECONDS, give_back, self.metrics.failed),
        )

    def start(self) -> None:
        """Load the live bundle, read what happened since, begin the background work."""
        self.following.begin()
        self.look()
        self.kept.start()
        for ticker in self._tickers:
            ticker.start()

    def stop(self) -> None:
        """End the background work and move what is pending to the log. The journal keeps what the log refuses."""
        for ticker in self._tickers:
            ticker.stop()
        on_duty(self._crew, self._put_away)()
        self.kept.stop()
        self.journal.close()

    def _put_away(self) -> None:
        try:
            self.flush()
        except (Busy, NotWritten) as error:
            log.warning("events stay in the journal until the next start: %s", error)
        self.counting.stop()

    def accept(self, interactions: Sequence[Interaction], impressions: Sequence[Impression]) -> Receipt:
        """Make events of one request durable, then let the next slates see them.

        Raises:
            BadInput: they cannot be written.
            NotWritten: the disk refused; none was taken.
        """
        (receipt,) = self.take([Events(interactions, impressions)])
        if isinstance(receipt, BadInput):
            raise receipt
        return receipt

    def take(self, requests: Sequence[Events]) -> list[Receipt | BadInput]:
        """Make what several requests bring durable in one commit, then let the next slates see it.

        Raises:
            NotWritten: the disk refused; nothing was taken.
        """
        receipts = self.journal.append_together(requests)
        taken = [events for events, receipt in zip(requests, receipts, strict=True) if isinstance(receipt, Receipt)]
        try:
            self.following.took(taken)
        except Exception as error:  # they are durable, and who sent them must be told so
            log.error("events are safe, but slates do not see them yet\n%s", "\n".join(without_words(error)))
            self.metrics.failed("see events")
        known = [receipt for receipt in receipts if isinstance(receipt, Receipt)]
        self.metrics.took(sum(one.accepted for one in known), sum(one.duplicates for one in known))
        return receipts

    def _see(self, taken: Sequence[Events]) -> None:
        """Let the next slates see what is durable."""
        self.live.apply(one for events in taken for one in events.interactions)
        self.shown.see(one for events in taken for one in events.impressions)
        self.told.tell(one for events in taken for one in events.user_updates)
        if updates := [one for events in taken for one in events.item_updates]:
            self.facts.tell(updates, None if self.pointer.bundle is None else self.pointer.bundle.world)
            self._stand_by()
        self.counting.catch_up()

    def known(self, updates: Sequence[ItemUpdate]) -> int:
        """How many updates are of items that the live bundle knows."""
        bundle = self.pointer.bundle
        if bundle is None:
            return 0
        return sum(bundle.world.catalogue.items.find(one.item_id) is not None for one in updates)

    def answer(
        self, bundle: LiveBundle, asked: Asked, earlier: Sequence[str] = (), until: float | None = None
    ) -> Slate:
        """The slate of one question, on the highest step of the ladder that there is time for.

        ``earlier`` are the items of an earlier answer, ``until`` is an instant of ``time.monotonic()``. An item that
        nobody knows is like nothing: who asks for items like it gets what a newcomer gets.
        """
        query = self.query(bundle, asked.request)
        item = None if asked.like is None else bundle.world.catalogue.items.find(asked.like)
        query = query if item is None else like(query, item)
        slate = self._ladder.climb(bundle, query, earlier, until)
        self._keep(bundle, slate)
        return self._cut(slate, asked.offset)

    def popular(self, asked: Asked) -> SlateOut:
        """Popular items, made beforehand: an answer that needs no thread and no stage.

        Raises:
            NotReady: no bundle is live.
        """
        if self._standby is None:
            raise NotReady("no bundle is live yet")
        self.following.catch_up()
        user_id = asked.request.user_id
        fresh = () if user_id is None else [event.item_id for event in self.live.read(user_id)]
        seen, hosts = fresh if asked.like is None else [*fresh, asked.like], self.serving.image_hosts
        slate = self._standby.slate(asked.request, asked.offset, hosts, seen, self.told.read(user_id))
        self.metrics.made([item.source for item in slate.items], slate.fallback)
        return slate

    def mark(self, bundle: LiveBundle, user_id: str | None) -> str:
        """What an answer to this user is made of now: as long as it stays the same, an answer stays as good as new.

        It is the same for every process that knows the same, since several may share a cache and outlive each other.
        """
        fresh = () if user_id is None else self.live.read(user_id)
        of_user = f"{len(fresh)}|{fresh[0].event_id}|{fresh[-1].event_id}" if fresh else ""
        shown = self.shown.read(user_id)
        of_shown = f"{len(shown)}|{shown[0].event_id}|{shown[-1].event_id}" if shown else ""
        return f"{bundle.mark}|{of_user}|{of_shown}|{self.told.mark(user_id)}"

    def compose(
        self, bundle: LiveBundle, request: Request, page: str, until: float | None = None
    ) -> tuple[TitledSlate, ...]:
        """The rows of a page, each on the highest step of the ladder that there is time for.

        Raises:
            NotThere: the recipe has no page of that name.
        """
        answer = partial(self._ladder.row, bundle, until)
        rows = bundle.pipeline.compose(self.query(bundle, request), page, answer)
        for row in rows:
            self._keep(bundle, row.slate)
            self._count(row.slate)
        return rows

    def query(self, bundle: LiveBundle, request: Request) -> Query:
        """What a bundle is asked."""
        self.following.catch_up()
        fresh = () if request.user_id is None else self.live.read(request.user_id)
        shown, told = self.shown.read(request.user_id), self.told.read(request.user_id)
        return query_of(bundle, request, fresh, shown, told)

    def bundle(self) -> LiveBundle:
        """The live bundle.

        Raises:
            NotReady: there is none.
        """
        bundle = self.pointer.bundle
        if bundle is None:
            raise NotReady(
                self.pointer.refused or f"no bundle is live; make one with: slatewright train --shop {self.shop.root}"
            )
        return bundle

    def flush(self) -> int:
        """Move pending events to the log, unless another process writes: then the next round does."""
        try:
            return self.journal.flush(self.shop.log, wait=False)
        except Busy as error:
            log.info("the log is busy, events wait in the journal: %s", error)
            return 0

    def look(self) -> None:
        """Follow the live pointer and the shop's rules, and forget the events that only bundles before it needed."""
        self.following.look()
        before = self.pointer.bundle
        self.pointer.look()
        if self.policy.changed() and self.pointer.rule():
            self._stand_by()
        bundle = self.pointer.bundle
        if bundle is not None and bundle is not before:
            self.facts.over(bundle.world, None)  # what was told while it was being prepared
            self._since = bundle.world.as_of - GRACE
            self.live.forget(self._since)
            self.shown.went_live(bundle, self._since)
            self.told.forget(self._since)
            self.metrics.swapped(bundle.version)

    def _prepare(self, bundle: LiveBundle) -> None:
        """Before a bundle becomes live: read events back as far as it needs, make its popular answers."""
        since = bundle.world.as_of - GRACE
        if self._since is None or since < self._since:
            self.live.apply(replay(self.shop.log, self.journal, since, self.serving.max_live_events))
        self.shown.prepare(bundle, since, again=self._since is None)
        self.counting.prepare(bundle.world)
        self.facts.prepare(bundle.world, since)
        self.told.prepare(since)
        self._standby = Standby.of(bundle)

    def _read_back(self) -> None:
        """Know again what happened since the live bundle learned."""
        self._since, bundle = None, self.pointer.bundle
        if bundle is not None:
            self._prepare(bundle)

    def _stand_by(self) -> None:
        if self.pointer.bundle is not None:
            self._standby = Standby.of(self.pointer.bundle)

    def _keep(self, bundle: LiveBundle, slate: Slate) -> None:
        """Keep how the slate came about, for whoever asks why."""
        if self.serving.explain_mb:
            query, version = slate.trace.query, bundle.version
            policy = bundle.pipeline.policy
            entry = Entry(slate.slate_id, query.user_id, query.now, version)
            self.kept.offer(entry, partial(keep, slate, version, bundle.policy), policy)

    def _cut(self, slate: Slate, offset: int) -> Slate:
        if offset:
            items = tuple(replace(item, position=item.position - offset) for item in slate.items[offset:])
            slate = replace(slate, items=items)
        self._count(slate)
        return slate

    def _count(self, slate: Slate) -> None:
        for note in slate.trace.notes:
            self.metrics.noted(note.stage, note.name)
        self.metrics.made([item.source for item in slate.items], slate.fallback)
