"""HTTP with an end to what stands before a body: uvicorn's parser would hold any length of it in memory."""

from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD = 131_072  # bytes of path and headers together
LONGEST_URL = 65_535  # bytes; the parser counts its parts with 16 bits


class CarefulHttp(HttpToolsProtocol):
    """Refuses a path or headers that are too long in the shape that every refusal has, and closes the connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head = 0  # bytes since a head began
        self._in_head = True
        self._passed = 0  # heads and messages that came to their end
        self.url = b""

    def data_received(self, data: bytes) -> None:
        """Pass on, and count what belongs to a head that has not ended."""
        passed = self._passed
        super().data_received(data)
        if self._in_head and passed == self._passed and not self.transport.is_closing():
            self._head += len(data)
            if self._head > LONGEST_HEAD:
                self._refuse("431 Request Header Fields Too Large", "the headers are too long")

    def on_headers_complete(self) -> None:
        """A body may follow."""
        self._head, self._in_head, self._passed = 0, False, self._passed + 1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The next head may follow."""
        self._head, self._in_head, self._passed = 0, True, self._passed + 1
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What the parser cannot read."""
        if len(self.url) > LONGEST_URL:
            self._refuse("414 URI Too Long", f"the path and the query must not be longer than {LONGEST_URL:,} bytes")
        else:
            self._refuse("400 Bad Request", "this is not a request in HTTP/1.1")

    def _refuse(self, status: str, detail: str) -> None:
        body = orjson.dumps({"detail": detail, "errors": []})
        lines = (
            f"HTTP/1.1 {status}",
            "content-type: application/json",
            f"content-length: {len(body)}",
            "connection: close",
        )
        self.transport.write("\r\n".join((*lines, "", "")).encode() + body)
        self.transport.close()
