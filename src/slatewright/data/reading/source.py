"""What a person names as input: files, globs of files, and queries of a database."""

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from slatewright.core.errors import BadInput

_DATABASES = ("sqlite://", "postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class Source:
    """One place that rows come from: a file, or a ``query`` of the database at a URL.

    ``name`` is how it is called in messages, reports and the quarantine; it holds no password.
    """

    name: str
    place: str
    query: str | None = None

    @property
    def is_database(self) -> bool:
        return self.place.startswith(_DATABASES)


def expand(places: Sequence[str], *, query: str | None = None) -> tuple[Source, ...]:
    """The sources that paths, globs and database URLs stand for, each file once, globs in order of name.

    Raises:
        BadInput: a path that does not exist, a glob that matches nothing, a database without a query.
    """
    found: dict[str, Source] = {}
    for place in places:
        for source in _sources(str(place), query):
            found.setdefault(source.place, source)
    if not found:
        raise BadInput("there is nothing to read: name at least one file, glob or database URL")
    return tuple(found.values())


def _sources(place: str, query: str | None) -> list[Source]:
    if place.startswith(_DATABASES):
        if not query:
            raise BadInput(f"{_without_password(place)} is a database: say which rows to read, with a query (SELECT …)")
        return [Source(_without_password(place), place, query)]
    if "://" in place:
        raise BadInput(f"{_without_password(place)} must be a file, a glob, or a URL of sqlite:// or postgresql://")
    if Path(place).is_file():
        return [Source(place, place)]
    if Path(place).is_dir():
        raise BadInput(f"{place} is a folder: name the files in it, such as '{place.rstrip('/')}/*.csv'")
    paths = sorted(path for path in glob.glob(place, recursive=True) if Path(path).is_file())
    if not paths:
        raise BadInput(f"{place} is no file, and no file matches it: check the path")
    return [Source(path, path) for path in paths]


def _without_password(url: str) -> str:
    """The URL without what stands between the user's name and the host."""
    scheme, _, rest = url.partition("://")
    login, at, host = rest.rpartition("@")
    if not at:
        return url
    return f"{scheme}://{login.partition(':')[0]}@{host}"
