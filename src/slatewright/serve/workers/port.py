"""The port that several workers listen at, each with a socket of its own: the system deals connections out to them."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from slatewright.serve.running import listening
from slatewright.serve.settings import Serving


def shared_socket(host: str, port: int, *, strict: bool = False) -> socket.socket:
    """A bound socket that others of this user may stand beside; it gets connections once it listens.

    One that is ``strict`` stands beside nothing but such sockets, not even what is left of old connections.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if not strict:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind((host, port))
    except BaseException:
        made.close()
        raise
    return made


@contextmanager
def held(serving: Serving) -> Iterator[int]:
    """The port, taken for workers that do not listen yet; no other server gets it meanwhile.

    Raises:
        Busy: somebody else has it.
    """
    with listening(serving) as alone:
        port = int(alone.getsockname()[1])
    try:
        holder = shared_socket(serving.host, port, strict=True)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        holder = shared_socket(serving.host, port)  # connections of a server before us have not faded yet
    with holder:
        yield port
