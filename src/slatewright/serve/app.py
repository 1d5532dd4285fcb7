"""The app: routes, guards and the service behind them, put together once."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.resources import files
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from slatewright import __version__
from slatewright.serve.guarding import BodyLimit, EncodedPaths, KeyCheck, LastResort, SafeHeaders, Timing
from slatewright.serve.metrics import Metrics
from slatewright.serve.refusing import refuse_with
from slatewright.serve.responses import RefusalOut
from slatewright.serve.routes import events, explanations, health, page, pages, slates
from slatewright.serve.service import Service
from slatewright.serve.settings import Serving
from slatewright.store.shop import Shop

DESCRIPTION = """Slates for a shop's pages, and the events that make the next ones better.

Every answer is complete: a user, an item or a session that nobody knows gets a slate too. Each item names its source.
"""
REFUSALS: dict[int | str, dict[str, Any]] = {
    422: {"model": RefusalOut, "description": "A field cannot be used; the answer names it."}
}


def build_app(shop: Shop, serving: Serving | None = None, *, api_key: str | None = None) -> FastAPI:
    """The app of one shop; ``serving`` defaults to section ``[serve]`` of its settings. An ``api_key`` ends the page.

    Raises:
        BadKnob: the settings are out of range.
    """
    serving = serving or shop.knobs("serve", Serving)
    metrics = Metrics()
    app = FastAPI(
        title="Slatewright",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(shop, serving, metrics),
        responses=REFUSALS,
    )
    refuse_with(app)
    for router in (slates.router, pages.router, events.router, explanations.router, health.router, page.reference):
        app.include_router(router)
    if serving.page and not api_key:
        app.include_router(page.router)
    app.mount("/static", StaticFiles(directory=str(files("slatewright.serve").joinpath("static"))))
    if api_key:
        app.add_middleware(KeyCheck, key=api_key)
    app.add_middleware(BodyLimit, max_bytes=serving.max_body_bytes)
    app.add_middleware(LastResort)
    app.add_middleware(SafeHeaders, image_hosts=serving.image_hosts)
    app.add_middleware(Timing, metrics=metrics)
    app.add_middleware(EncodedPaths)
    return app


def _lifespan(shop: Shop, serving: Serving, metrics: Metrics) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = await to_thread.run_sync(Service, shop, serving, metrics)
        app.state.service = service
        await to_thread.run_sync(service.start)
        try:
            yield
        finally:
            await to_thread.run_sync(service.stop)

    return lifespan
