"""A Redis that may be away: whoever asks it has an answer of their own for that case."""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from slatewright.core.errors import Unreachable
from slatewright.core.extras import require

PAUSE = 1.0  # seconds without a question after Redis did not answer
_AT_ONCE = 1000

T = TypeVar("T")


class RedisClient:
    """One Redis, through ``redis``, its own client. ``why`` is what it is for.

    While it is away, the first question waits ``patience`` seconds, and then it is left alone for a second.

    Raises:
        MissingExtra: the client of Redis is not installed.
    """

    def __init__(
        self,
        url: str,
        *,
        why: str,
        patience: float,
        log: logging.Logger,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        library, retry, backoff = (
            require(name, extra="redis", why=why) for name in ("redis", "redis.retry", "redis.backoff")
        )
        self.redis: Any = library.Redis.from_url(
            url,
            socket_timeout=patience,
            socket_connect_timeout=patience,
            retry=retry.Retry(backoff.NoBackoff(), 0),
        )
        self._broken: tuple[type[Exception], ...] = (library.RedisError, OSError)
        self._why, self._log, self._clock = why, log, clock
        self._silent_until = 0.0
        self._away = False
        self.failures = 0

    def ask(self, question: Callable[[], T], otherwise: T) -> T:
        """What a question to ``redis`` gives, or ``otherwise`` while it is away."""
        if self._clock() < self._silent_until:
            return otherwise
        try:
            answer = question()
        except self._broken as error:
            self._silent_until = self._clock() + PAUSE
            self._away = True
            self.failures += 1
            self._log.warning("Redis does not answer, so that there is no %s for now: %s", self._why, error)
            return otherwise
        if self._away:
            self._away = False
            self._log.warning("Redis answers again: there is %s as before", self._why)
        return answer

    def insist(self, question: Callable[[], T]) -> T:
        """What a question gives, asked even while it is thought to be away.

        Raises:
            Unreachable: Redis does not answer.
        """
        try:
            return question()
        except self._broken as error:
            raise Unreachable(f"Redis does not answer, so that there is no {self._why}: {error}") from error

    def delete(self, prefix: str, keep: Callable[[bytes], bool] = lambda _: False) -> None:
        """Remove every key that begins with a text, but for those that are to be kept."""
        literal = "".join(f"\\{one}" if one in "*?[]\\" else one for one in prefix)
        for key in self.redis.scan_iter(match=f"{literal}*", count=_AT_ONCE):
            if not keep(key):
                self.redis.unlink(key)

    def close(self) -> None:
        """Let go of the connections."""
        self.redis.close()
