"""Paths and headers come to an end; what is refused there has the shape of every refusal."""

import json
import socket

import httpx
import pytest

from slatewright.serve.careful_http import LONGEST_HEAD


def raw(client: httpx.Client, *parts: bytes) -> tuple[int, object]:
    """The status and the JSON that bytes on the wire are answered with."""
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=20) as wire:
        try:
            for part in parts:
                wire.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all was sent
        answer = _all_of(wire)
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def _all_of(wire: socket.socket) -> bytes:
    """What came before the end, which is a reset where the server left what we sent unread."""
    parts = []
    try:
        while part := wire.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([b"GET /api/recommend/" + b"u" * 70_000 + b" HTTP/1.1\r\n\r\n"], 414),
        ([b"nonsense\r\n\r\n"], 400),
    ],
)
def test_what_the_parser_cannot_read_is_refused(reader: httpx.Client, parts: list[bytes], status: int) -> None:
    got, body = raw(reader, *parts)
    assert got == status
    assert isinstance(body, dict)
    assert set(body) == {"detail", "errors"}


def test_a_header_that_never_ends_is_cut_off(reader: httpx.Client) -> None:
    block = b"x" * 16_384
    got, body = raw(reader, b"GET / HTTP/1.1\r\nX-Long: ", *[block] * (LONGEST_HEAD // len(block) + 1))
    assert got == 431
    assert body == {"detail": "the headers are too long", "errors": []}


def test_many_requests_on_one_connection_do_not_add_up(reader: httpx.Client) -> None:
    for _ in range(30):
        assert reader.get("/api/health/live", headers={"X-Long": "x" * 10_000}).status_code == 200
