"""The text of ``slatewright.toml``, written for the person who will change it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from slatewright.core.knobs import Knobs, knobs_of
from slatewright.data.cleaning import Cleaning
from slatewright.data.columns import FactsRecognition, Recognition
from slatewright.data.splits import PROTOCOLS, GlobalTime
from slatewright.data.splits.by_time import GLOBAL_TIME

# What an event of a well-known kind counts in training; others count 1. Kinds of weight 0 are left out.
_WEIGHTS = {
    "view": 1.0,
    "click": 1.0,
    "favourite": 2.0,
    "like": 2.0,
    "cart": 3.0,
    "remove_from_cart": 0.0,
    "purchase": 5.0,
    "rating": 1.0,
}
_USUAL = ("view", "cart", "purchase")


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the event files told; ``facts``: whether events tell facts too; ``kinds`` seen in them."""

    files: tuple[str, ...]
    query: str
    recognition: Recognition
    kinds: tuple[str, ...]
    undated: str
    facts: bool
    guesses: tuple[str, ...]
    left_out: tuple[str, ...] = ()  # guesses that were not wanted
    positive_rating: float | None = None  # the middle of the scale, where there are ratings


@dataclass(frozen=True, slots=True)
class FactsFound:
    """What a look at facts files told."""

    files: tuple[str, ...]
    key: str
    recognition: FactsRecognition
    guesses: tuple[str, ...]


def settings_text(name: str, events: Found, facts: Mapping[str, FactsFound]) -> str:
    """The whole file."""
    parts = [
        "# What this shop's world looks like. `slatewright import` reads it; change it as you like and import again.",
        _section("shop", [_line("name", name)]),
        _events(events),
        *(_facts(section, found) for section, found in facts.items()),
        _weights(events.kinds, known_only="kind" not in events.recognition.columns),
        *_ratings(events.positive_rating),
        _knobs("cleaning", Cleaning(), "How events are cleaned; every step can be switched off."),
        _knobs(
            "split",
            GlobalTime(),
            "How `slatewright evaluate` splits: what is known, and what it must foresee.",
            f"# one of {', '.join(PROTOCOLS)}; each has knobs of its own",
            _line("protocol", GLOBAL_TIME.name),
        ),
        _section("serve", ["# Where `slatewright serve` listens.", _line("host", "127.0.0.1"), _line("port", 8087)]),
    ]
    return "\n\n".join(parts) + "\n"


def _events(events: Found) -> str:
    known = events.recognition
    lines = [
        "# Files, globs, or the URL of a database with a query. CSV, TSV, JSON Lines, Parquet; gzip and zstd.",
        _line("files", list(events.files)),
    ]
    lines += [_line("query", events.query)] if events.query else ['# query = "SELECT … FROM orders"']
    if "kind" not in known.columns:
        lines += ["# What every event is, since no column tells it.", _line("default_kind", known.default_kind)]
    if events.undated:
        lines += ["# The date of all events, since no column tells it.", _line("undated", events.undated)]
    if not events.facts:
        lines += ["# Facts of items come from their own files below.", _line("facts", False)]
    columns = [
        f"{_line(ours, theirs)}  # {known.reasons[ours]}"
        for ours, theirs in {**known.item_facts, **known.user_facts, **known.columns}.items()
    ]
    columns += [_line(ours, "") for ours in events.left_out]
    note = '# our name = "the column"; a line with "" leaves a guess out'
    kinds = ['# the file\'s word = "our kind", where it is not to be guessed', '# checkout_done = "purchase"']
    return "\n\n".join(
        [_section("events", lines), _section("events.columns", [note, *columns]), _section("events.kinds", kinds)]
    )


def _facts(section: str, found: FactsFound) -> str:
    known = found.recognition
    columns = [f"{_line(found.key, known.id)}  # {known.reasons[found.key]}"]
    columns += [_line("time", known.time)] if known.time else []
    columns += [_line(ours, theirs) for ours, theirs in known.facts.items() if ours != theirs]
    files = _section(section, [_line("files", list(found.files))])
    return files + "\n\n" + _section(f"{section}.columns", columns)


def _weights(kinds: Iterable[str], *, known_only: bool) -> str:
    """Weights of the kinds seen; where a column tells the kind, also of those that are only rarer."""
    weighed = [kind for kind in kinds if kind != "return"]
    if not known_only:
        weighed += [kind for kind in _USUAL if kind not in weighed]
    lines = ["# How much an event of each kind counts in training; 0 leaves the kind out."]
    # the only kind there is counts 1: weights are relative
    return _section("weights", lines + [_line(k, _WEIGHTS.get(k, 1.0) if len(weighed) > 1 else 1.0) for k in weighed])


def _ratings(positive: float | None) -> list[str]:
    about = (
        "# A rating below this says that somebody did not like the item: it is not shown again, and not learned from."
    )
    return [] if positive is None else [_section("ratings", [about, _line("positive", positive)])]


def _knobs(section: str, knobs: Knobs, about: str, *before: str) -> str:
    lines = [f"# {about}", *before]
    for field in knobs_of(type(knobs)):
        value = getattr(knobs, field.name)
        line = f"# {field.name} = …" if value is None else _line(field.name, value)
        lines += [f"# {field.knob.doc}", line]
    return _section(section, lines)


def _section(name: str, lines: Iterable[str]) -> str:
    return "\n".join([f"[{name}]", *lines])


def _line(name: str, value: object) -> str:
    """One setting. TOML writes texts, numbers, booleans and lists of these as JSON does."""
    key = name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _json(name)
    return f"{key} = {_json(list(value) if isinstance(value, tuple) else value)}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # the one letter that TOML wants escaped
