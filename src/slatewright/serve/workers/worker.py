"""One worker: the process that a supervisor starts with ``python -m slatewright.serve.workers.worker``.

Its post comes by its input; what stands behind the name of the module is for ``ps`` to show.
"""

import logging
import os
import socket
import sys
import threading

import uvicorn
from fastapi import FastAPI

from slatewright.core.memory import few_arenas
from slatewright.serve.app import build_app
from slatewright.serve.running import API_KEY, ARENAS, LOG_FORMAT, config_of
from slatewright.serve.workers.bell import Bell
from slatewright.serve.workers.crew import Crew
from slatewright.serve.workers.duty import Duty
from slatewright.serve.workers.port import shared_socket
from slatewright.serve.workers.post import Post
from slatewright.serve.workers.shared_buckets import SharedBuckets
from slatewright.store.shop import Shop

READY = b"1"


def main() -> None:
    """Serve until the supervisor says so, or is gone."""
    post = Post.read(sys.stdin.read())
    logging.basicConfig(level=post.log_level, format=f"[worker {post.worker + 1}] {LOG_FORMAT}")
    few_arenas(ARENAS)
    shop = Shop.open(post.shop)
    bell, buckets = Bell(post.bell, post.worker, post.workers), SharedBuckets(post.buckets)
    crew = Crew(post.workers, bell, Duty(shop.journal.with_name("duty.lock")), buckets, post.folder)
    app = build_app(shop, post.serving, api_key=os.environ.get(API_KEY) or None, crew=crew)
    server = LifelineServer(app, socket.socket(fileno=post.lifeline))
    threading.Thread(target=server.until_alone, name="slatewright-lifeline", daemon=True).start()
    server.run(sockets=[shared_socket(post.serving.host, post.serving.port)])


class LifelineServer(uvicorn.Server):
    """Tells the supervisor when it answers, and stops when the supervisor is gone, however it went."""

    def __init__(self, app: FastAPI, lifeline: socket.socket) -> None:
        super().__init__(config_of(app))
        self._lifeline = lifeline

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._lifeline.send(READY)

    def until_alone(self) -> None:
        while self._lifeline.recv(1):
            pass
        self.should_exit = True


if __name__ == "__main__":
    main()
