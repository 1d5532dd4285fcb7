"""Does the next slate react to a click?"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from slatewright.cli.reaction import click_and_look
from slatewright.core.errors import SlatewrightError
from slatewright.serve.running import in_background
from slatewright.store.shop import Shop

Answer = Callable[[str, bool], tuple[int, Any]]  # path, whether an event came before -> status, body


@contextmanager
def server_that(answers: Answer) -> Iterator[str]:
    """A server with answers of its own, one after another."""

    class Handler(BaseHTTPRequestHandler):
        clicked = False

        def do_GET(self) -> None:
            self._say(*answers(self.path, Handler.clicked))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            Handler.clicked = True
            self._say(*answers(self.path, True))

        def _say(self, status: int, body: Any) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *arguments: object) -> None:
            """Be quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def slate(*items: str) -> dict[str, Any]:
    return {"slate_id": "s", "items": [{"item_id": item} for item in items]}


def test_a_real_server_reacts(shop: Path) -> None:
    with in_background(Shop.open(shop)) as server:
        reaction = click_and_look(server, ["u00003"])
    assert reaction.clicked == reaction.before[0]
    assert reaction.clicked not in reaction.after
    assert reaction.arrived


def test_a_user_id_of_any_letters_is_asked_for(shop: Path) -> None:
    with in_background(Shop.open(shop)) as server:
        assert click_and_look(server, ["a b/ü?🫖"]).user_id == "a b/ü?🫖"


def test_a_slate_that_does_not_react_is_an_error() -> None:
    def stubborn(path: str, clicked: bool) -> tuple[int, Any]:
        return 200, {"accepted": 1} if "events" in path else slate("a", "b")

    with server_that(stubborn) as server, pytest.raises(SlatewrightError, match="did not react to a view of a"):
        click_and_look(server, ["u"])


def test_an_event_that_is_not_accepted_is_an_error() -> None:
    def deaf(path: str, clicked: bool) -> tuple[int, Any]:
        return 200, {"accepted": 0} if "events" in path else slate("b" if clicked else "a")

    with server_that(deaf) as server, pytest.raises(SlatewrightError, match="was not accepted"):
        click_and_look(server, ["u"])


def test_who_has_seen_everything_is_passed_over() -> None:
    def sated(path: str, clicked: bool) -> tuple[int, Any]:
        if "events" in path:
            return 200, {"accepted": 1}
        return 200, slate() if "/sated?" in path else slate("b" if clicked else "a")

    with server_that(sated) as server:
        assert click_and_look(server, ["sated", "hungry"]).user_id == "hungry"
    with server_that(sated) as server:
        assert click_and_look(server, ["sated"]).user_id == "somebody-new"


def test_an_empty_slate_is_an_error() -> None:
    with server_that(lambda path, clicked: (200, slate())) as server, pytest.raises(SlatewrightError, match="empty"):
        click_and_look(server, ["u"])


def test_a_refusal_is_an_error_with_its_words() -> None:
    with (
        server_that(lambda path, clicked: (503, {"detail": "no bundle"})) as server,
        pytest.raises(SlatewrightError, match=r"GET /api/recommend/u\?.* was answered with 503: .*no bundle"),
    ):
        click_and_look(server, ["u"])
