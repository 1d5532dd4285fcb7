"""An open-loop load generator: requests leave when they are due, whether those before them were answered or not.

A request that finds no free connection waits for one, and that wait counts: its time runs from when it was due.
"""

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

HEAD_END = b"\r\n\r\n"
FALLBACK = b'"fallback":'


@dataclass
class Tally:
    """What came of the requests: milliseconds from due to answered, by status; fallbacks of the slates."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    fallbacks: Counter[str] = field(default_factory=Counter)
    without_retry: int = 0  # 503 that do not say when to come back
    lost: int = 0  # connections that broke before the answer

    def told(self, seconds: float, offered: float) -> dict[str, Any]:
        """As JSON; percentiles over all that were answered 200."""
        at = {f"p{q:g}_ms": round(float(np.percentile(self.seconds, q)) * 1e3, 2) for q in (50, 90, 99)}
        return {
            "offered_per_s": round(offered, 1),
            "answered_200_per_s": round(len(self.seconds) / seconds, 1),
            **(at if self.seconds else {}),
            "max_ms": round(max(self.seconds, default=0.0) * 1e3, 1),
            "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            "fallbacks": dict(sorted(self.fallbacks.items())),
            "503_without_retry_after": self.without_retry,
            "lost": self.lost,
        }


class Connection(asyncio.Protocol):
    """One connection: sends a request, waits for its answer, tells, is free again."""

    def __init__(self, load: "Load") -> None:
        self.load, self.buffer, self.due, self.number = load, b"", 0.0, -1
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def ask(self, request: bytes, due: float, number: int) -> None:
        self.buffer, self.due, self.number = b"", due, number
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, end, body = self.buffer.partition(HEAD_END)
        if not end:
            return
        low = head.lower()
        start = low.index(b"content-length:") + 15
        if len(body) >= int(low[start : (low.find(b"\r\n", start) + 1 or len(low) + 1) - 1]):
            self.load.answered(self, int(head[9:12]), low, body)

    def connection_lost(self, error: Exception | None) -> None:
        self.load.broke(self)


class Load:
    """So many connections to one server."""

    def __init__(self, port: int, connections: int, heard: "Heard") -> None:
        self.port, self.connections, self.heard = port, connections, heard
        self.free: deque[Connection] = deque()
        self.waiting: deque[tuple[bytes, float, int]] = deque()
        self.tally = Tally()
        self.open = 0
        self.closing = False

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(self.connections):
            _, one = await loop.create_connection(lambda: Connection(self), "127.0.0.1", self.port)
            self.free.append(one)

    def ask(self, request: bytes, due: float, number: int) -> None:
        self.open += 1
        if self.free:
            self.free.popleft().ask(request, due, number)
        else:
            self.waiting.append((request, due, number))

    def answered(self, one: Connection, status: int, head: bytes, body: bytes) -> None:
        self.open -= 1
        self.tally.statuses[status] += 1
        self.heard(one.number, status)
        if status == 200:
            self.tally.seconds.append(time.perf_counter() - one.due)
            at = body.rfind(FALLBACK)
            if at >= 0:
                self.tally.fallbacks[body[at + len(FALLBACK) :].split(b",")[0].decode().strip('"')] += 1
        elif status == 503 and b"\r\nretry-after:" not in head:
            self.tally.without_retry += 1
        if self.waiting:
            one.ask(*self.waiting.popleft())
        else:
            self.free.append(one)

    def broke(self, one: Connection) -> None:
        if not self.closing:
            self.tally.lost += 1
            self.open -= one not in self.free

    def close(self) -> None:
        self.closing = True
        for one in self.free:
            one.transport.close()


Heard: TypeAlias = Callable[[int, int], None]


def unheard(number: int, status: int) -> None:
    """Nobody asks what became of one request."""


@dataclass(frozen=True)
class Plan:
    """So many requests per second for so many seconds, at random instants; ``request(number)`` makes each.

    ``heard`` is told the number and the status of every answer.
    """

    request: Callable[[int], bytes]
    rate: float
    seconds: float
    connections: int = 64
    rng: int = 0
    heard: Heard = unheard


async def offer(port: int, plan: Plan) -> dict[str, Any]:
    """Offer a load to a server and tell what came of it; waits at most ten seconds for the last answers."""
    load, draw = Load(port, plan.connections, plan.heard), random.Random(plan.rng)  # noqa: S311
    await load.connect()
    start = due = time.perf_counter()
    number = 0
    while due < start + plan.seconds:
        ahead = due - time.perf_counter()
        if ahead > 0:
            await asyncio.sleep(ahead)
        else:
            await asyncio.sleep(0) if number % 16 == 0 else None
        load.ask(plan.request(number), due, number)
        number += 1
        due += draw.expovariate(plan.rate)
    patience = time.perf_counter() + 10
    while load.open and time.perf_counter() < patience:
        await asyncio.sleep(0.01)
    elapsed = time.perf_counter() - start
    load.tally.lost += load.open
    load.close()
    return load.tally.told(elapsed, number / plan.seconds)


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: shop\r\n\r\n".encode()


def post(path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
