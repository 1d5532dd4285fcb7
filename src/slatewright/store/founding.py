"""Founding a shop: look at its files, write its settings and its recipe, and say what was guessed."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.data.columns import FactsRecognition, Recognition, recognise, recognise_facts
from slatewright.data.importing.canonical import Shape, canonical
from slatewright.data.indexing import RATING
from slatewright.data.reading import Opened, Source, expand, open_source
from slatewright.store.files import replace_text
from slatewright.store.settings_text import FactsFound, Found, settings_text
from slatewright.store.shop import RECIPE, SETTINGS, Shop

UNDATED = "2000-01-01"  # the date of events whose file tells none
_LOOKED_AT = 20  # files of one glob that are opened; the import looks at all of them

_MEANINGS = {
    "user_id": "the user",
    "item_id": "the item",
    "time": "when it happened",
    "kind": "what the user did",
    "value": "how much it counted, such as a rating",
    "price": "the price of one piece",
    "quantity": "how many pieces; below zero they came back",
    "event_id": "the name of the event",
    "session_id": "the visit",
    "slate_id": "the slate that caused it",
    "invoice": "the invoice; a C in front cancels it",
}


@dataclass(frozen=True, slots=True)
class Founding:
    """A new shop, and one sentence for every guess that its settings hold."""

    shop: Shop
    guesses: tuple[str, ...]


def found(
    root: Path | str,
    events: Sequence[str],
    items: Sequence[str] = (),
    users: Sequence[str] = (),
    *,
    query: str = "",
    name: str = "",
    columns: Mapping[str, str] | None = None,
) -> Founding:
    """Look at the first rows of the files, recognise their columns, write ``slatewright.toml`` and ``recipe.py``.

    ``columns`` (our name -> theirs) overrules the guesses about event files.
    No event is imported yet, and a folder that is a shop already is left alone.

    Raises:
        BadInput: the folder is a shop, or a file cannot be used, with the fix.
    """
    folder = Path(root)
    if (folder / SETTINGS).exists():
        raise BadInput(f"{folder} is a shop already: change its {SETTINGS}, or choose another folder")
    seen = _look_at_events(events, query, columns or {}, facts=not items)
    facts = {
        section: _look_at_facts(files, section, query)
        for section, files in (("items", items), ("users", users))
        if files
    }
    text = settings_text(name or folder.resolve().name, seen, facts)
    folder.mkdir(parents=True, exist_ok=True)
    recipe = resources.files("slatewright.store").joinpath("recipe_template.py.txt").read_text(encoding="utf-8")
    replace_text(folder / RECIPE, recipe)
    replace_text(folder / SETTINGS, text)
    guesses = [*seen.guesses, *_rating_guess(seen), *(guess for section in facts.values() for guess in section.guesses)]
    return Founding(Shop.open(folder), tuple(guesses))


def _look_at_events(places: Sequence[str], query: str, columns: Mapping[str, str], *, facts: bool) -> Found:
    sources = expand(places, query=query or None)
    opened = open_source(sources[0])
    known = recognise(opened.head, columns, name=sources[0].name, undated=True)
    for source in sources[1:_LOOKED_AT]:
        recognise(open_source(source).head, _required(known), name=source.name, undated=True)
    dated = "time" in known.columns
    shape = Shape.of(opened.head, known, kinds={}, default_kind="", undated=None if dated else 0)
    rows = canonical(opened.head, shape, file=0, first_row=1)
    guesses = _event_guesses(opened, known, shape, rows)
    return Found(
        files=_absolute(places),
        query=query,
        recognition=known,
        kinds=_kinds(rows),
        undated="" if dated else UNDATED,
        facts=facts,
        guesses=guesses,
        positive_rating=_middle_rating(rows),
        left_out=tuple(ours for ours, theirs in columns.items() if not theirs),
    )


def _required(known: Recognition) -> dict[str, str]:
    return {ours: known.columns[ours] for ours in ("user_id", "item_id")}


def _kinds(rows: Frame) -> tuple[str, ...]:
    """The kinds of the first rows, most frequent first."""
    counts = rows["kind"].drop_nulls().value_counts().sort(["count", "kind"], descending=[True, False])
    return tuple(counts["kind"])


def _middle_rating(rows: Frame) -> float | None:
    """The middle of the scale of the first ratings; None without ratings, or where all are the same."""
    ratings = rows.filter((pl.col("kind") == RATING) & pl.col("value").is_finite())["value"].cast(pl.Float64).to_numpy()
    if len(ratings) == 0 or ratings.min() == ratings.max():
        return None
    return float(ratings.min() + ratings.max()) / 2


def _rating_guess(seen: Found) -> tuple[str, ...]:
    lowest = seen.positive_rating
    return () if lowest is None else (f"ratings below {lowest:g} do not count as liking; change it under [ratings]",)


def _event_guesses(opened: Opened, known: Recognition, shape: Shape, rows: Frame) -> tuple[str, ...]:
    name = _short(opened.source)
    said = [f"{name}: {theirs} is {_MEANINGS[ours]} ({known.reasons[ours]})" for ours, theirs in known.columns.items()]
    said += [f"{name}: {theirs} is the {ours} of the item" for ours, theirs in known.item_facts.items()]
    said += [f"{name}: {theirs} is the {ours} of the user" for ours, theirs in known.user_facts.items()]
    if shape.time is None:
        said.append(f"{name}: no column tells when, so all events are dated {UNDATED}; a split by time makes no sense")
    else:
        said.append(f"{name}: times are {shape.time.described}")
    if "kind" in known.columns:
        words = opened.head[known.columns["kind"]].cast(pl.String)
        pairs = pl.DataFrame({"word": words, "kind": rows["kind"]}).unique(maintain_order=True).drop_nulls().rows()
        said.append(f"{name}: kinds are {', '.join(k if w == k else f'{k} ({w} in the file)' for w, k in pairs[:20])}")
    else:
        said.append(f"{name}: no column tells what the user did, so every event counts as: {known.default_kind}")
    if known.unused:
        said.append(f"{name}: {', '.join(known.unused)} mean nothing to us and are left out")
    return tuple(said)


def _look_at_facts(places: Sequence[str], section: str, query: str) -> FactsFound:
    source = expand(places, query=query or None)[0]
    key = "item_id" if section == "items" else "user_id"
    known = recognise_facts(open_source(source).head, key, name=source.name)
    return FactsFound(_absolute(places), key, known, _fact_guesses(_short(source), key, known))


def _fact_guesses(name: str, key: str, known: FactsRecognition) -> tuple[str, ...]:
    said = [f"{name}: {known.id} is {_MEANINGS[key]} ({known.reasons[key]})"]
    said += [f"{name}: {theirs} is the {ours}" for ours, theirs in known.facts.items() if ours != theirs]
    same = [ours for ours, theirs in known.facts.items() if ours == theirs]
    if same:
        said.append(f"{name}: {', '.join(same)} are facts as they are")
    when = f"{known.time} is when the facts were true from" if known.time else "the facts are taken as always true"
    return (*said, f"{name}: {when}")


def _short(source: Source) -> str:
    return source.name if source.is_database else Path(source.name).name


def _absolute(places: Sequence[str]) -> tuple[str, ...]:
    """Paths that mean the same from every folder; URLs stay, but for the relative path of an SQLite file."""
    return tuple(_absolute_one(str(place)) for place in places)


def _absolute_one(place: str) -> str:
    if place.startswith("sqlite:///"):
        return "sqlite:///" + os.path.abspath(place.removeprefix("sqlite:///"))
    return place if "://" in place else os.path.abspath(place)
