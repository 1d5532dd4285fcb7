"""One port for several workers, and for nobody else."""

import socket

import pytest

from slatewright.core.errors import Busy
from slatewright.serve.running import listening
from slatewright.serve.settings import Serving
from slatewright.serve.workers.port import held, shared_socket


def test_workers_stand_beside_each_other_and_nobody_else_does() -> None:
    with held(Serving(port=0)) as port:
        asked = Serving(port=port)
        with pytest.raises(Busy, match=f"cannot listen on 127.0.0.1:{port}"), held(asked):
            pytest.fail("before any worker listens")
        with shared_socket("127.0.0.1", port) as one, shared_socket("127.0.0.1", port) as other:
            one.listen()
            other.listen()
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                pass
            with pytest.raises(Busy, match="Take another one with --port"), listening(asked):
                pytest.fail("a server of one process")
            with pytest.raises(Busy), held(asked):
                pytest.fail("one of several")


def test_a_taken_port_is_told_at_once() -> None:
    with listening(Serving(port=0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Busy, match=f"cannot listen on 127.0.0.1:{port}"), held(Serving(port=port)):
            pytest.fail("it is taken")


def test_what_is_left_of_old_connections_does_not_hold_the_port() -> None:
    with listening(Serving(port=0)) as before:
        port = before.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = before.accept()
        accepted.close()  # who closes first waits for stragglers
        client.close()
    with held(Serving(port=port)) as again, shared_socket("127.0.0.1", port) as worker:
        worker.listen()
        assert again == port
