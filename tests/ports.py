"""Ports for servers of tests."""

import secrets
import socket
from contextlib import suppress
from pathlib import Path

import pytest

OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A port that nobody takes meanwhile: below those that the system gives to outgoing connections."""
    first = int(OUTGOING.read_text().split()[0]) if OUTGOING.is_file() else 32768
    for _ in range(100):
        port = first - 1 - secrets.randbelow(first // 2)
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    pytest.fail("no port is free")
