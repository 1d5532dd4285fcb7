"""Recognising columns: which column of a file is the user, the item, the time, and why we think so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.data.synonyms import EVENT_COLUMNS, FACTS_TIME, ITEM_FACTS, USER_FACTS, plain

_SPOKEN = {"user_id": "the user", "item_id": "the item", "time": "the time"}
_RATINGS = frozenset(["rating", "stars", "overall", "ratingvalue", "score"])
_LEFT_OUT = ("", "-")  # what a setting says to leave a column out


@dataclass(frozen=True, slots=True)
class Recognition:
    """Our name of each column -> the name in the file; ``reasons`` says why, in one clause for each of our names.

    ``item_facts`` and ``user_facts`` (fact -> column) are what else the file tells of items and users, ``unused`` the
    columns that mean nothing to us, ``default_kind`` the kind of all events where no column tells it.
    """

    columns: Mapping[str, str]
    reasons: Mapping[str, str] = field(default_factory=dict)
    item_facts: Mapping[str, str] = field(default_factory=dict)
    user_facts: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    default_kind: str = "interaction"

    def used(self) -> list[str]:
        """The columns of the file that have to be read, each once."""
        return list(dict.fromkeys([*self.columns.values(), *self.item_facts.values(), *self.user_facts.values()]))


@dataclass(frozen=True, slots=True)
class FactsRecognition:
    """A facts file: the column of the id, the column of the time or None, and fact name -> column for the rest."""

    id: str
    facts: Mapping[str, str]
    time: str | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)


def recognise(
    head: Frame, given: Mapping[str, str] | None = None, *, name: str = "the file", undated: bool = False
) -> Recognition:
    """Say what each column of an events file is, from the names and types of its first rows.

    Args:
        head: the first rows of the file.
        given: our name -> column, from the settings; it overrules every guess, and ``""`` leaves a column out.
        name: what to call the file in messages.
        undated: whether a file without a time column is fine.

    Raises:
        BadInput: there is no column for the user, the item or the time, or a given one is not there.
    """
    given = dict(given or {})
    _check_given(given, head.columns, name)
    _check_ours(given)
    columns = {ours: theirs for ours, theirs in given.items() if theirs not in _LEFT_OUT and ours in EVENT_COLUMNS}
    reasons = dict.fromkeys(columns, "the settings say so")
    free = [column for column in head.columns if column not in given.values()]
    for ours, synonyms in EVENT_COLUMNS.items():
        theirs = None if ours in given else _first(free, synonyms, head, ours)
        if theirs is not None:
            columns[ours] = theirs
            reasons[ours] = "by its name"
            free.remove(theirs)
    if "user_id" not in columns and "session_id" in columns:
        columns["user_id"] = columns["session_id"]
        reasons["user_id"] = "no column names a user, so each session counts as one"
    _check_required(columns, head.columns, name, undated)
    items = _facts(given, ITEM_FACTS, [*free, *([columns["price"]] if "price" in columns else [])])
    users = _facts(given, USER_FACTS, [column for column in free if column not in items.values()])
    reasons = dict.fromkeys(items, "a fact of the item") | dict.fromkeys(users, "a fact of the user") | reasons
    unused = tuple(column for column in free if column not in (*items.values(), *users.values()))
    return Recognition(columns, reasons, items, users, unused, _default_kind(columns))


def recognise_facts(
    head: Frame, key: str, given: Mapping[str, str] | None = None, *, name: str = "the file"
) -> FactsRecognition:
    """Say which column of a facts file is the id (``key``: ``item_id`` or ``user_id``); all others become facts.

    Well-known facts (title, category, brand, image, …) get our names, others keep theirs.

    Raises:
        BadInput: there is no column for the id, or a given one is not there.
    """
    given = dict(given or {})
    known = ITEM_FACTS if key == "item_id" else USER_FACTS
    _check_given(given, head.columns, name)
    free = [column for column in head.columns if column not in given.values()]
    # a facts file may call its id just "id"
    found = given.get(key) or _first(free, [*EVENT_COLUMNS[key], "id"], head, key)
    if found is None:
        raise BadInput(_missing(key, head.columns, name, "items" if key == "item_id" else "users"))
    time = given.get("time") or _first(free, FACTS_TIME, head, "time")
    rest = [column for column in free if column not in (found, time)]
    named = _facts(given, known, rest)
    others = {column: column for column in rest if column not in named.values() and column not in named}
    return FactsRecognition(found, {**named, **others}, time or None, {key: _why(key, given)})


def _why(ours: str, given: Mapping[str, str]) -> str:
    return "the settings say so" if ours in given else "by its name"


def _first(free: Iterable[str], synonyms: Sequence[str], head: Frame, ours: str) -> str | None:
    """The column whose name stands first among the synonyms, of those whose type can be meant."""
    by_name: dict[str, str] = {}
    for column in free:
        if _can_be(ours, head.schema[column]):
            by_name.setdefault(plain(column), column)
    return next((by_name[synonym] for synonym in synonyms if synonym in by_name), None)


def _can_be(ours: str, kind: pl.DataType) -> bool:
    if kind.is_nested() or kind == pl.Boolean:
        return False
    if ours == "time":
        return kind.is_temporal() or kind.is_numeric() or kind == pl.String
    return not kind.is_temporal()


def _facts(
    given: Mapping[str, str], known: Mapping[str, tuple[str, ...] | list[str]], free: list[str]
) -> dict[str, str]:
    """Fact name -> column: what the settings say, then what the names say."""
    facts = {ours: theirs for ours, theirs in given.items() if ours in known and theirs not in _LEFT_OUT}
    facts = {ours: theirs for ours, theirs in facts.items() if ours != "price" or theirs in free}
    left = {plain(column): column for column in reversed(free)}
    for ours, synonyms in known.items():
        theirs = None if ours in given else next((left[word] for word in synonyms if word in left), None)
        if theirs is not None:
            facts[ours] = theirs
            del left[plain(theirs)]
    return facts


def _default_kind(columns: Mapping[str, str]) -> str:
    if plain(columns.get("value", "")) in _RATINGS:
        return "rating"
    return "purchase" if {"quantity", "invoice", "price"} & set(columns) else "interaction"


def _check_given(given: Mapping[str, str], has: Sequence[str], name: str) -> None:
    for ours, theirs in given.items():
        if theirs not in _LEFT_OUT and theirs not in has:
            raise BadInput(
                f"{name} has no column {theirs!r}, which the settings name for {ours}; it has {', '.join(has)}: "
                f"correct `{ours} = …` in slatewright.toml"
            )


def _check_ours(given: Mapping[str, str]) -> None:
    known = {*EVENT_COLUMNS, *ITEM_FACTS, *USER_FACTS}
    for ours in given:
        if ours not in known:
            raise BadInput(
                f"slatewright.toml [events.columns] has {ours!r}, which means nothing; "
                f"it can have {', '.join(sorted(known))}"
            )


def _check_required(columns: Mapping[str, str], has: Sequence[str], name: str, undated: bool) -> None:
    for ours in ("user_id", "item_id"):
        if ours not in columns:
            raise BadInput(_missing(ours, has, name, "events"))
    if "time" not in columns and not undated:
        raise BadInput(
            f"{_missing('time', has, name, 'events')}; or give all its events one date with "
            '[events] undated = "2024-01-01"'
        )


def _missing(ours: str, has: Sequence[str], name: str, section: str) -> str:
    return (
        f"{name} has no column that looks like {_SPOKEN[ours]}; it has {', '.join(has)}: say which one it is, with "
        f'--column {ours}=… at init or [{section}.columns] {ours} = "…" in slatewright.toml'
    )
