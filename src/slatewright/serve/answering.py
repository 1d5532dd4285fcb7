"""From a question to the bytes of its answer: kept, made by a thread, or popular at once when there is no time."""

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from functools import partial

import orjson

from slatewright.core.errors import BadInput, NotThere
from slatewright.pipeline.request import Request
from slatewright.serve.asked import Asked
from slatewright.serve.caching import CachedSlate, InProcessCache, RedisCache, SlateCache
from slatewright.serve.live_bundle import LiveBundle
from slatewright.serve.page_responses import PageOut
from slatewright.serve.refusing import NotReady
from slatewright.serve.responses import SlateOut
from slatewright.serve.service import Service
from slatewright.serve.turns import Crowded, TooLate, Turns
from slatewright.store.kept_slates import AGAIN

log = logging.getLogger("slatewright.serve")

USUAL = (None, "newcomer", "filled")  # fallbacks of an answer that is worth keeping
ID_BEGINS = len(b'{"slate_id":"')


class Answering:
    """Answers questions about slates; ask from one event loop."""

    def __init__(self, service: Service, redis_url: str | None = None) -> None:
        serving = service.serving
        self._service, self._metrics = service, service.metrics
        self._turns = Turns(serving.threads, serving.max_waiting)
        self._memory = InProcessCache(serving.cache_mb * 1_000_000, serving.keep_seconds)
        self._shared: SlateCache | None = None
        if redis_url:
            self._shared = RedisCache(redis_url, service.shop.root.resolve().name, serving.keep_seconds)

    def stop(self) -> None:
        """End the threads and let the caches go."""
        self._turns.stop()
        self._memory.close()
        if self._shared is not None:
            self._shared.close()

    async def body(self, asked: Asked) -> bytes:
        """The answer as it goes over the wire.

        Raises:
            NotReady: no bundle is live.
        """
        service = self._service
        bundle = service.bundle()
        if not service.following.behind():  # else a thread takes in what it must know before it answers
            mark = service.mark(bundle, asked.request.user_id)
            kept = None if asked.key is None else self._memory.get(asked.key)
            if kept is not None and self._is_fresh(kept, mark):
                self._metrics.cached("memory")
                return again(kept.body)
        work = partial(self._work, bundle, asked)
        return await self._in_time(work, lambda: service.popular(asked).json())

    async def page(self, request: Request, page: str) -> bytes:
        """A whole page as it goes over the wire; one row of popular items where there is no time for it.

        Raises:
            NotReady: no bundle is live.
            NotThere: the recipe has no page of that name.
        """
        service = self._service
        bundle = service.bundle()
        bundle.pipeline.page(page)

        def work(until: float) -> bytes:
            rows = service.compose(bundle, request, page, until)
            return PageOut.of(page, bundle, rows, request.user_id, service.serving.image_hosts).json()

        return await self._in_time(work, lambda: PageOut.at_once(page, service.popular(Asked(request))).json())

    def observe(self) -> None:
        """Tell the metrics how full it is."""
        self._metrics.cache_bytes.set(self._memory.bytes)
        self._metrics.waiting.set(self._turns.open)
        self._metrics.stuck.set(self._turns.stuck)

    async def _in_time(self, work: Callable[[float], bytes], at_once: Callable[[], bytes]) -> bytes:
        """What a thread makes by the deadline, or what needs no thread."""
        until = time.monotonic() + self._service.serving.deadline_ms / 1000
        try:
            return await self._turns.take(lambda: work(until), until)
        except (NotReady, NotThere, BadInput):
            raise
        except Exception as error:  # too late, too crowded, or a bug: there is still something to show
            self._missed(error)
            return at_once()

    def _is_fresh(self, kept: CachedSlate, mark: str) -> bool:
        return kept.mark == mark and kept.made + self._service.serving.cache_seconds > time.time()

    def _work(self, bundle: LiveBundle, asked: Asked, until: float) -> bytes:
        """What a thread does for one question."""
        self._service.following.catch_up()
        mark = self._service.mark(bundle, asked.request.user_id)
        where, kept = self._kept(asked)
        if kept is not None and self._is_fresh(kept, mark):
            self._metrics.cached(where)
            return again(kept.body)
        self._metrics.cached("none")
        slate = self._service.answer(bundle, asked, _item_ids(kept), until)
        body = SlateOut.of(bundle, slate, asked.request.user_id, self._service.serving.image_hosts).json()
        if asked.key is not None and slate.fallback in USUAL and not slate.trace.notes:
            self._keep(asked.key, CachedSlate(mark, time.time(), body))
        return body

    def _kept(self, asked: Asked) -> tuple[str, CachedSlate | None]:
        """The newest earlier answer of the same question, fresh or not, and where it was."""
        if asked.key is None:
            return "", None
        found = self._memory.get(asked.key)
        shared = None if self._shared is None else self._shared.get(asked.key)
        if shared is None or (found is not None and found.made >= shared.made):
            return "memory", found
        self._memory.put(asked.key, shared)
        return "redis", shared

    def _keep(self, key: str, slate: CachedSlate) -> None:
        self._memory.put(key, slate)
        if self._shared is not None:
            self._shared.put(key, slate)

    def _missed(self, error: Exception) -> None:
        """Popular items are shown."""
        if isinstance(error, Crowded | TooLate):
            self._metrics.failed("slate in time")
        else:
            self._metrics.failed("slate")
            log.error("no step of the ladder answers, popular items are shown: %s", type(error).__name__)


def again(body: bytes) -> bytes:
    """The same slate as an answer with a slate_id of its own, so that what comes of two answers is told apart.

    What stands before the dot is the slate that was made, and how it came about is kept under that.
    """
    end = body.index(b'"', ID_BEGINS)
    return b"%b%b%b%b" % (body[:end], AGAIN.encode(), secrets.token_hex(6).encode(), body[end:])


def _item_ids(kept: CachedSlate | None) -> Sequence[str]:
    """The items of an earlier answer, best first."""
    return () if kept is None else [item["item_id"] for item in orjson.loads(kept.body)["items"]]
