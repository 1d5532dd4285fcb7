"""The service behind the routes: events in, slates out, eyes on the live pointer. Synchronous and thread-safe."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.errors import Busy, NotWritten
from slatewright.events.journal import Journal, Receipt
from slatewright.events.records import Impression, Interaction
from slatewright.features.live import LiveHistories, LiveLimits
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.request import Request
from slatewright.pipeline.slate import Slate, TitledSlate
from slatewright.serve.asking import like, query_of
from slatewright.serve.live_bundle import LiveBundle, LivePointer
from slatewright.serve.metrics import Metrics
from slatewright.serve.refusing import NotReady
from slatewright.serve.replaying import replay
from slatewright.serve.settings import Serving
from slatewright.serve.ticking import Ticker
from slatewright.store.shop import Shop

log = logging.getLogger("slatewright.serve")

# Events that arrive late, or while a bundle is in training, may be older than its as_of and yet not in it.
GRACE = MICROSECONDS_PER_DAY


class Service:
    """One running shop. ``start`` it before the first request, ``stop`` it after the last."""

    def __init__(self, shop: Shop, serving: Serving, metrics: Metrics) -> None:
        self.shop, self.serving, self.metrics = shop, serving, metrics
        self.journal = Journal(shop.journal)
        self.live = LiveHistories(LiveLimits(serving.max_live_events, serving.max_live_events_per_user))
        self.pointer = LivePointer(shop, self._reach_back)
        self._since: int | None = None  # live histories reach back to here
        self._tickers = (
            Ticker("flush", serving.flush_seconds, self.flush, self.metrics.failed),
            Ticker("watch", serving.watch_seconds, self.look, self.metrics.failed),
        )

    def start(self) -> None:
        """Load the live bundle, read what happened since, begin the background work."""
        self.look()
        for ticker in self._tickers:
            ticker.start()

    def stop(self) -> None:
        """End the background work and move what is pending to the log. The journal keeps what the log refuses."""
        for ticker in self._tickers:
            ticker.stop()
        try:
            self.flush()
        except (Busy, NotWritten) as error:
            log.warning("events stay in the journal until the next start: %s", error)
        self.journal.close()

    def accept(self, interactions: Sequence[Interaction], impressions: Sequence[Impression]) -> Receipt:
        """Make events durable, then let the next slates see them."""
        receipt = self.journal.append(interactions, impressions)
        self.live.apply(interactions)
        self.metrics.took(receipt.accepted, receipt.duplicates)
        return receipt

    def answer(self, request: Request, *, offset: int = 0) -> tuple[LiveBundle, Slate]:
        """The slate of one request without its first ``offset`` items, and the bundle that made it."""
        bundle = self.bundle()
        return bundle, self._cut(bundle.pipeline.answer(self.query(bundle, request)), offset)

    def answer_like(self, request: Request, item_id: str, *, offset: int = 0) -> tuple[LiveBundle, Slate]:
        """Items like one item; an item nobody knows gets what a newcomer gets."""
        bundle = self.bundle()
        query = self.query(bundle, request)
        item = bundle.world.catalogue.items.find(item_id)
        query = query if item is None else like(query, item)
        return bundle, self._cut(bundle.pipeline.answer(query), offset)

    def compose(self, request: Request, page: str) -> tuple[LiveBundle, tuple[TitledSlate, ...]]:
        """The rows of a page, and the bundle that made them.

        Raises:
            NotThere: the recipe has no page of that name.
        """
        bundle = self.bundle()
        rows = bundle.pipeline.compose(self.query(bundle, request), page)
        for row in rows:
            self.metrics.made([item.source for item in row.slate.items], row.slate.fallback)
        return bundle, rows

    def query(self, bundle: LiveBundle, request: Request) -> Query:
        """What a bundle is asked."""
        fresh = () if request.user_id is None else self.live.read(request.user_id)
        return query_of(bundle, request, fresh)

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
        """Follow the live pointer, and forget the events that only bundles before it needed."""
        before = self.pointer.bundle
        self.pointer.look()
        bundle = self.pointer.bundle
        if bundle is not None and bundle is not before:
            self._since = bundle.world.as_of - GRACE
            self.live.forget(self._since)
            self.metrics.swapped(bundle.version)

    def _reach_back(self, bundle: LiveBundle) -> None:
        """Read events back as far as the bundle to come needs, before it becomes live."""
        since = bundle.world.as_of - GRACE
        if self._since is None or since < self._since:
            self.live.apply(replay(self.shop.log, self.journal, since, self.serving.max_live_events))

    def _cut(self, slate: Slate, offset: int) -> Slate:
        items = tuple(replace(item, position=item.position - offset) for item in slate.items[offset:])
        self.metrics.made([item.source for item in items], slate.fallback)
        return replace(slate, items=items)
