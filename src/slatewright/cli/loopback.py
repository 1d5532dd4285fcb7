"""Talk to a server on this machine over HTTP, as a shop page would."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

from slatewright.core.errors import SlatewrightError

PATIENCE = 30.0  # seconds


def get(server: str, *path: str, **query: object) -> Any:
    """The JSON that a GET answers; every part of the path is quoted."""
    wishes = "&".join(f"{quote(name)}={quote(str(value))}" for name, value in query.items())
    return _ask(server, "GET", _path(path) + (f"?{wishes}" if wishes else ""), None)


def post(server: str, *path: str, body: object) -> Any:
    """The JSON that a POST answers."""
    return _ask(server, "POST", _path(path), json.dumps(body).encode())


def _path(parts: tuple[str, ...]) -> str:
    return "/" + "/".join(quote(part, safe="") for part in parts)


def _ask(server: str, method: str, target: str, body: bytes | None) -> Any:
    connection = HTTPConnection(urlsplit(server).netloc, timeout=PATIENCE)
    try:
        connection.request(method, target, body, {"Content-Type": "application/json"} if body else {})
        response = connection.getresponse()
        answer = response.read()
    finally:
        connection.close()
    if response.status != 200:
        raise SlatewrightError(f"{method} {target} was answered with {response.status}: {answer.decode()[:500]}")
    return json.loads(answer)
