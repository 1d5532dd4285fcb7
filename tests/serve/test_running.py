"""Addresses and sockets."""

import socket

import httpx
import pytest

from slatewright.core.errors import BadKnob, Busy
from slatewright.serve.running import address, in_background, listening, settings_of
from slatewright.serve.settings import Serving
from slatewright.store.shop import Shop


def test_a_taken_port_is_told_at_once(shop: Shop) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        message = rf"cannot listen on 127.0.0.1:{port}: .*Take another one with --port"
        with pytest.raises(Busy, match=message), in_background(shop, port=port):
            pytest.fail("it must not start")


def test_the_command_line_wins_over_the_settings(shop: Shop) -> None:
    assert settings_of(shop, None, None).host == "127.0.0.1"
    assert settings_of(shop, "::1", 0).port == 0
    assert settings_of(shop, None, 81).flush_seconds == 0.2


def test_settings_are_checked_at_the_door(shop: Shop) -> None:
    path = shop.root / "slatewright.toml"
    path.write_text(path.read_text() + "port = 70000\n")
    with pytest.raises(BadKnob, match=r"\[serve\]: Serving.port must be <= 65535, got 70000"):
        settings_of(Shop.open(shop.root), None, None)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104
        ("::1", "http://[::1]:80"),
        ("shop.example", "http://shop.example:80"),
    ],
)
def test_addresses_can_be_opened(host: str, url: str) -> None:
    assert address(host, 80) == url


def test_only_this_machine_is_let_in_by_default() -> None:
    with listening(Serving(port=0)) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_answers_leave_at_once() -> None:
    """asyncio turns Nagle's algorithm off only for sockets that name their protocol; otherwise it costs 40 ms each."""
    with listening(Serving(port=0)) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_two_shops_run_in_one_process(shop: Shop, reader: httpx.Client) -> None:
    with in_background(shop) as url:
        assert httpx.get(f"{url}/api/health/ready").json()["ready"] is True
        assert reader.get("/api/health/ready").json()["ready"] is True


def test_of_two_servers_that_want_one_port_the_second_is_told_at_once() -> None:
    with listening(Serving(port=0)) as first:
        port = first.getsockname()[1]
        with pytest.raises(Busy, match=f"cannot listen on 127.0.0.1:{port}"), listening(Serving(port=port)):
            pass
