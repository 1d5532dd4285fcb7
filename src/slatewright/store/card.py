"""The card of a bundle: what it is, what it was made of, and the sum of every file in it."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from slatewright.core.errors import BadBundle

CARD = "card.json"
KIND = "slatewright pipeline"
FORMAT = 1
FILE_NAME = re.compile(r"(?:arrays/[A-Za-z0-9_.\- ]+(?:/[A-Za-z0-9_.\- ]+)*\.npy|tables/[A-Za-z0-9_.\-]+\.arrow)")


@dataclass(frozen=True)
class FileSum:
    """Size in bytes and sha256 of one file of a bundle."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Card:
    """Everything about a bundle but its arrays.

    ``models`` gives, per name, its ``shape`` and ``knobs``; ``recipe`` is the sha256 of the recipe file; ``as_of`` is
    µs UTC; ``golden`` are requests with the answers that this bundle must give; ``files`` come from the writer.
    ``parent`` is the version whose models learned on to be these, None where all were fitted anew.
    """

    as_of: int
    data_version: str
    recipe: str
    code_version: str
    models: Mapping[str, Mapping[str, Any]]
    counts: Mapping[str, int]
    metrics: Mapping[str, Any] = field(default_factory=dict)
    golden: tuple[Mapping[str, Any], ...] = ()
    files: Mapping[str, FileSum] = field(default_factory=dict)
    parent: str | None = None
    kind: str = KIND
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        """The card as JSON, keys sorted: equal cards are equal bytes."""
        return orjson.dumps(
            asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY
        )


def read_card(folder: Path) -> Card:
    """The card of a bundle's folder.

    Raises:
        BadBundle: there is none, it is no card of ours, or it comes from a newer Slatewright.
    """
    path = folder / CARD
    try:
        raw = orjson.loads(path.read_bytes())
    except OSError as error:
        raise BadBundle(f"{folder} is not a bundle: it has no {CARD}") from error
    except orjson.JSONDecodeError as error:
        raise BadBundle(f"{path} is not whole: {error}; train again or roll back") from error
    if not isinstance(raw, dict) or raw.get("kind") != KIND:
        raise BadBundle(f"{path} is not the card of a {KIND}")
    if raw.get("format") != FORMAT:
        raise BadBundle(f"{path} has format {raw.get('format')!r}; this Slatewright reads format {FORMAT}: train again")
    return _card(raw, path)


def _card(raw: dict[str, Any], path: Path) -> Card:
    try:
        files = {_safe(name): FileSum(int(it["size"]), str(it["sha256"])) for name, it in raw.pop("files").items()}
        golden = tuple(raw.pop("golden"))
        card = Card(files=files, golden=golden, **raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadBundle(f"{path} is not a card of this format: {error}") from error
    return card


def _safe(name: str) -> str:
    """The name of a file inside the bundle; one that points elsewhere is refused."""
    if not FILE_NAME.fullmatch(name) or ".." in PurePosixPath(name).parts:
        raise ValueError(f"{name!r} cannot be a file of a bundle")
    return name
