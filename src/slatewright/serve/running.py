"""Run the server: in the foreground until it is told to stop, or in the background for as long as a block lasts."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias

import uvicorn
from fastapi import FastAPI

from slatewright.core.errors import Busy, SlatewrightError
from slatewright.core.memory import few_arenas
from slatewright.serve.app import build_app
from slatewright.serve.careful_http import CarefulHttp
from slatewright.serve.settings import Serving
from slatewright.store.shop import Shop

Bound: TypeAlias = Callable[[str], None]

API_KEY = "SLATEWRIGHT_API_KEY"
ARENAS = 2  # heaps that all threads share: with more, what each was busy with once is kept by each
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
PATIENCE = 10  # seconds that requests in hand may take after the signal to stop


def unheard(_url: str) -> None:
    """Nobody wants to know the address."""


def run(shop: Shop, host: str | None = None, port: int | None = None, bound: Bound = unheard) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests in hand and move pending events to the log.

    ``bound`` is told the address, like ``http://127.0.0.1:8087``, once the port is taken. An API key is read from the
    environment variable SLATEWRIGHT_API_KEY: secrets do not belong into settings.

    Raises:
        Busy: the address is taken.
        KeyboardInterrupt: it was SIGINT, and everything is put away.
    """
    serving = settings_of(shop, host, port)
    few_arenas(ARENAS)
    with listening(serving) as listener:
        bound(address(serving.host, listener.getsockname()[1]))
        app = build_app(shop, serving, api_key=os.environ.get(API_KEY) or None)
        uvicorn.Server(config_of(app)).run(sockets=[listener])


@contextmanager
def in_background(shop: Shop, host: str | None = None, port: int | None = 0) -> Iterator[str]:
    """A server in a thread of this process; gives its address, like ``http://127.0.0.1:40123``.

    Raises:
        Busy: the address is taken.
        SlatewrightError: the server did not start.
    """
    with app_in_background(shop, settings_of(shop, host, port)) as (url, _):
        yield url


@contextmanager
def app_in_background(shop: Shop, serving: Serving) -> Iterator[tuple[str, FastAPI]]:
    """The same with settings of one's own; gives the app too."""
    with listening(serving) as listener:
        app = build_app(shop, serving, api_key=os.environ.get(API_KEY) or None)
        server = uvicorn.Server(config_of(app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="slatewright-serve")
        thread.start()
        try:
            _wait_until_started(server, thread)
            yield address(serving.host, listener.getsockname()[1]), app
        finally:
            server.should_exit = True
            thread.join()


def settings_of(shop: Shop, host: str | None, port: int | None) -> Serving:
    """Section ``[serve]``, with the address of the command line where it names one."""
    serving = shop.knobs("serve", Serving)
    return replace(serving, host=host or serving.host, port=serving.port if port is None else port)


def address(host: str, port: int) -> str:
    """The address to open in a browser."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{name}:{port}"


@contextmanager
def listening(serving: Serving) -> Iterator[socket.socket]:
    """The socket, bound before anything is loaded: a taken port is told at once.

    Raises:
        Busy: the address is taken.
    """
    family = socket.AF_INET6 if ":" in serving.host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it on, every answer waits 40 ms
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((serving.host, serving.port))
            listener.listen()  # two may bind one port until the first of them listens
        except OSError as error:
            where = f"{serving.host}:{serving.port}"
            raise Busy(f"cannot listen on {where}: {error.strerror}. Take another one with --port") from error
        yield listener


def config_of(app: FastAPI) -> uvicorn.Config:
    """How an app is served."""
    return uvicorn.Config(
        app,
        loop="asyncio",  # uvloop lets the interpreter go between any two events, and no other thread gets a turn
        http=CarefulHttp,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=PATIENCE,
        server_header=False,
    )


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    while not server.started:
        thread.join(timeout=0.01)
        if not thread.is_alive():
            raise SlatewrightError("the server did not start; its log says why")
