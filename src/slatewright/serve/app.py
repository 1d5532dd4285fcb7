"""The app: routes, guards and the service behind them, put together once."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.resources import files

from anyio import to_thread
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from slatewright import __version__
from slatewright.serve.answering import Answering
from slatewright.serve.describing import REFUSALS, describe
from slatewright.serve.guarding import BodyLimit, EncodedPaths, KeyCheck, LastResort, Pressure, SafeHeaders, Timing
from slatewright.serve.intake import Intake
from slatewright.serve.keys import Keyring
from slatewright.serve.ledger import administered
from slatewright.serve.metrics import Metrics
from slatewright.serve.refusing import refuse_with
from slatewright.serve.routes import events, explanations, health, items, kept, page, pages, slates, users
from slatewright.serve.service import Service
from slatewright.serve.settings import Serving
from slatewright.serve.short_way import ShortWay
from slatewright.serve.ticking import Ticker
from slatewright.serve.turns import Turns
from slatewright.serve.workers.crew import Crew
from slatewright.store.shop import Shop

REDIS_URL = "SLATEWRIGHT_REDIS_URL"  # where servers share answers and counts; it may hold a password, so no setting
GAUGE_SECONDS = 1.0  # between two times that a worker tells the others how full it is
DESCRIPTION = """Slates for a shop's pages, and the events that make the next ones better.

Every answer is complete: a user, an item or a session that nobody knows gets a slate too. Each item names its source.
"""


def build_app(
    shop: Shop, serving: Serving | None = None, *, api_key: str | None = None, crew: Crew | None = None
) -> FastAPI:
    """The app of one shop; ``serving`` defaults to section ``[serve]`` of its settings.

    ``api_key`` is a key that may do everything, beside those of the shop's file; where there is any, there is no page.
    ``crew`` is what a process knows of the others where it is one worker of several.

    Raises:
        BadKnob: the settings are out of range.
        BadInput: the shop's file of keys is not one.
    """
    serving = serving or shop.knobs("serve", Serving)
    metrics = Metrics(None if crew is None else crew.metrics)
    ring = Keyring(shop.keys, api_key, None if crew is None else crew.buckets)
    app = FastAPI(
        title="Slatewright",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(serving, metrics, ring, lambda redis: Service(shop, serving, metrics, redis, crew)),
        responses=REFUSALS,
    )
    refuse_with(app)
    for routes in (slates, pages, events, items, users, explanations, kept, health):
        app.include_router(routes.router)
    app.include_router(page.reference)
    if serving.page:
        app.include_router(page.router)
        app.include_router(kept.page)
    app.mount("/static", StaticFiles(directory=str(files("slatewright.serve").joinpath("static"))))
    describe(app, ring, serving.max_k)
    app.add_middleware(ShortWay, max_k=serving.max_k)
    app.add_middleware(KeyCheck, ring=ring, administered=administered(shop, metrics))
    app.add_middleware(BodyLimit, max_bytes=serving.max_body_bytes)
    app.add_middleware(LastResort, log_details=serving.log_details)
    app.add_middleware(Pressure, most=serving.max_open, metrics=metrics)
    if serving.origins:
        _answer_other_hosts(app, serving)
    app.add_middleware(SafeHeaders, image_hosts=serving.image_hosts)
    app.add_middleware(Timing, metrics=metrics)
    app.add_middleware(EncodedPaths)
    return app


def _answer_other_hosts(app: FastAPI, serving: Serving) -> None:
    """Browsers may show answers to pages of the hosts in the settings. Keys travel in headers, never in cookies."""
    app.add_middleware(
        CORSMiddleware,
        allow_origins=serving.origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type", "X-API-Key", "Authorization"],
        expose_headers=["Retry-After"],
    )


def _lifespan(
    serving: Serving, metrics: Metrics, ring: Keyring, made: Callable[[str | None], Service]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        redis_url = os.environ.get(REDIS_URL) or None
        service = await to_thread.run_sync(made, redis_url)
        app.state.service = service
        await to_thread.run_sync(service.start)
        app.state.answering = Answering(service, redis_url)
        app.state.looking = Turns(1, serving.max_waiting)
        app.state.intake = Intake(service.take, serving.max_waiting_events)
        tickers = (
            Ticker("keys", serving.watch_seconds, ring.look, metrics.failed),
            Ticker("gauges", GAUGE_SECONDS, lambda: health.observe(app.state), metrics.failed),
        )
        for ticker in tickers:
            ticker.start()
        try:
            yield
        finally:
            for ticker in tickers:
                ticker.stop()
            app.state.answering.stop()
            app.state.looking.stop()
            await to_thread.run_sync(app.state.intake.stop)
            await to_thread.run_sync(service.stop)

    return lifespan
