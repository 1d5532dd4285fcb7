"""The keys that a server lets in; it follows their file, so that keys come and go without a restart."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from slatewright.core.errors import BadInput
from slatewright.serve.keys.buckets import Bucket
from slatewright.serve.keys.key import Key, Scope, sum_of
from slatewright.serve.keys.key_file import read_keys

log = logging.getLogger("slatewright.serve")


class Draws(Protocol):
    """A bucket of tokens; ``now`` is an instant of ``time.monotonic()``."""

    def take(self, now: float) -> float:
        """Take a token and give 0, or give the seconds until there is one."""


class Buckets(Protocol):
    """Buckets that others draw from too."""

    def of(self, key: Key) -> Draws:
        """The bucket of a key whose rate is limited."""


@dataclass(frozen=True, slots=True)
class Held:
    """A key of the ring, with its bucket where its rate is limited."""

    key: Key
    bucket: Draws | None

    def wait(self, now: float) -> float:
        """0 when the key may ask at ``now`` (seconds), else the seconds until it may."""
        return 0.0 if self.bucket is None else self.bucket.take(now)


class Keyring:
    """``find`` is asked by every request; only ``look`` changes what it finds, in one assignment.

    A ring that ever had a key stays locked: when the file vanishes or breaks, nobody new is let in. ``master`` is a
    key that may do everything and stands in no file, ``shared`` has the buckets where several processes draw from them.

    Raises:
        BadInput: the file is there and is not one of keys.
    """

    def __init__(self, path: Path, master: str | None = None, shared: Buckets | None = None) -> None:
        self._path, self._shared = path, shared
        self._master = None if master is None else Key("master", "master", frozenset({Scope.ADMIN}), sum_of(master), "")
        self._held: dict[str, Held] = {}
        self._seen: tuple[int, int, int] | None = None
        self.locked = False
        self._hang(())
        self._follow(self._glance())

    def find(self, text: str) -> Held | None:
        """The key with this text."""
        return self._held.get(sum_of(text))

    def look(self) -> None:
        """Read the file again when it has changed; a broken one changes nothing, a lost one locks everybody out.

        Raises:
            BadInput: the file is broken; told once for each change of it.
        """
        seen = self._glance()
        if seen != self._seen:
            self._follow(seen)

    def _glance(self) -> tuple[int, int, int] | None:
        try:
            about = self._path.stat()
        except FileNotFoundError:
            return None
        return about.st_mtime_ns, about.st_ino, about.st_size

    def _follow(self, seen: tuple[int, int, int] | None) -> None:
        lost, self._seen = seen is None and self._seen is not None, seen
        if lost:
            log.error("%s is gone: no key opens anything until it is back", self._path)
        try:
            keys = () if seen is None else read_keys(self._path)
        except FileNotFoundError:  # gone since the glance; the next look tells
            return
        except BadInput as error:
            raise BadInput(f"{error}; the keys stay as they were") from error
        if seen is not None or lost:
            self.locked = True
            self._hang(keys)

    def _hang(self, keys: tuple[Key, ...]) -> None:
        every = keys if self._master is None else (self._master, *keys)
        self._held = {key.sha256: Held(key, self._bucket(key)) for key in every}
        self.locked = self.locked or self._master is not None

    def _bucket(self, key: Key) -> Draws | None:
        """A full bucket, or the one that this key has drawn from before."""
        if key.per_second is None:
            return None
        before = self._held.get(key.sha256)
        if before is not None and before.key == key:
            return before.bucket
        if self._shared is not None:
            return self._shared.of(key)
        return Bucket(key.per_second, key.burst, float(key.burst), 0.0)
