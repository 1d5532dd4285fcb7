"""What a worker is told when it is started, as text on its command line."""

from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from slatewright.core.knobs import from_mapping
from slatewright.serve.settings import Serving


@dataclass(frozen=True)
class Post:
    """One worker: its shop and settings, its place among the others, and the open files that it inherits.

    ``worker`` counts from 0; ``lifeline`` is a socket whose other end the supervisor holds.
    """

    shop: str
    serving: Serving
    worker: int
    workers: int
    lifeline: int
    bell: int
    buckets: int
    metrics: str
    log_level: int

    def text(self) -> str:
        """The post as JSON."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def read(cls, text: str) -> "Post":
        """The post of a text that ``text`` made."""
        raw = orjson.loads(text)
        return cls(**{**raw, "serving": from_mapping(Serving, raw["serving"], where="serving")})

    @property
    def folder(self) -> Path:
        """Where the workers keep their numbers."""
        return Path(self.metrics)
