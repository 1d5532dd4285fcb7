"""A worker stops when its supervisor is gone."""

import socket

from fastapi import FastAPI

from slatewright.serve.workers.worker import LifelineServer


def test_a_worker_without_a_supervisor_stops() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        server = LifelineServer(FastAPI(), theirs)
        ours.close()
        server.until_alone()
        assert server.should_exit
