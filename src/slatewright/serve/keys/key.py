"""One key: what it opens and how fast. Its text is told once, when it is made; what is kept is a sum of it."""

import hashlib
import math
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from slatewright.core.errors import BadInput

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@-]{0,63}")
SECRET_BYTES = 32  # 256 random bits: a plain sha256 of them cannot be guessed back, so no slow hash is needed


class Scope(StrEnum):
    """What a key may do; ``ADMIN`` may do everything."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Key:
    """One key as it is kept. ``per_second`` requests on average, None: as many as come; ``burst`` of them at once.

    Raises:
        BadInput: a name, a scope or a limit is none.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    sha256: str
    created: str
    per_second: float | None = None
    burst: int = 1

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise BadInput(
                f"the name of a key must be 1 to 64 letters, digits, spaces or . _ @ -, like storefront; "
                f"got {self.name!r}"
            )
        if not self.scopes:
            raise BadInput(f"a key must have a scope, one of {', '.join(Scope)}; got none")
        if self.per_second is not None and not (0 < self.per_second < math.inf):
            raise BadInput(f"per_second must be above 0, or none for no limit; got {self.per_second!r}")
        if self.burst < 1:
            raise BadInput(f"burst must be at least 1, got {self.burst!r}")

    def may(self, scope: Scope) -> bool:
        """Whether the key opens what asks for this scope."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


def made(
    name: str, scopes: Collection[Scope], created: str, per_second: float | None = None, burst: int | None = None
) -> tuple[Key, str]:
    """A new key, and its text, which is kept nowhere. ``burst`` defaults to one second's worth.

    Raises:
        BadInput: a name, a scope or a limit is none.
    """
    key_id = secrets.token_hex(4)
    text = f"sw_{key_id}_{secrets.token_urlsafe(SECRET_BYTES)}"
    one_second = math.ceil(per_second) if per_second is not None and math.isfinite(per_second) else 1
    at_once = max(1, one_second) if burst is None else burst
    return Key(key_id, name, frozenset(scopes), sum_of(text), created, per_second, at_once), text


def sum_of(text: str) -> str:
    """What is kept of a key: the sha256 of its text, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
