"""Reading from the data set what sets each segment apart."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from slatewright.core.arrays import Array, Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.catalogue import CATEGORY_FACTS, Catalogue
from slatewright.data.dataset import Dataset
from slatewright.data.encoding.fact_categories import is_categorical
from slatewright.models.segments.counting import LEAST, Counts, shelves_of, words_of
from slatewright.models.segments.portrait import Mode, Number, Over, Portrait
from slatewright.models.segments.segmentation import Segments

LISTED = 10  # items, categories and words of each segment
NAMING = (1.2, 2), (1.5, 3)  # a name is of categories, or of words, that are so much more common; at most so many
LEAST_SHARE = 0.03  # of what a segment takes, for a category that it may be named by
LEAST_MODE = 0.05  # of a segment's members, for the value of a fact that it is told by
TITLES = ("title", "name", "description")
MOST_VALUES = 1000  # a fact with more values (a street, a zip code) sets nobody apart


@dataclass(frozen=True)
class _World:
    """What all portraits are read from; ``events`` and ``last`` are those of each user or item."""

    dataset: Dataset
    catalogue: Catalogue
    segments: Segments
    items: Counts
    categories: tuple[Counts, list[str]]
    words: tuple[Counts, list[str]]
    users_of: Array
    events: Array
    last: Array


def describe_segments(dataset: Dataset, segments: Segments) -> tuple[Portrait, ...]:
    """A portrait of each segment, the largest first."""
    world = _world(dataset, segments)
    return tuple(_portrait(world, at, members) for at, members in enumerate(segments.members()))


def _world(dataset: Dataset, segments: Segments) -> _World:
    catalogue, had = Catalogue.of(dataset), dataset.matrix()
    had.data = np.ones_like(had.data)
    members = segments.members()
    sizes = np.array([len(mine) for mine in members], dtype=np.float64)
    index = np.concatenate([*members, np.empty(0, np.int64)])
    labels = np.repeat(np.arange(len(members)), sizes.astype(np.int64))
    users = segments.of == "users"
    n = dataset.n_users if users else dataset.n_items
    belongs = sparse.csr_matrix((np.ones(len(index)), (labels, index)), shape=(len(members), n))
    items = Counts.of((belongs @ had if users else belongs).toarray(), sizes)
    shelves, names = shelves_of(catalogue)
    title = next((name for name in TITLES if name in dataset.item_facts.columns), None)
    written, words = words_of(dataset.item_facts[title].cast(pl.String).to_list() if title else [None] * len(catalogue))
    owner = dataset.interactions.user if users else dataset.interactions.item
    last = np.full(n, np.iinfo(np.int64).min)
    np.maximum.at(last, owner, dataset.interactions.time)
    return _World(
        dataset,
        catalogue,
        segments,
        items,
        (items.through(shelves), names),
        (items.through(written), words),
        np.bincount(had.indices, minlength=dataset.n_items),
        np.bincount(owner, minlength=n),
        last,
    )


def _portrait(world: _World, at: int, members: Array) -> Portrait:
    users = world.segments.of == "users"
    active = members[world.events[members] > 0]
    days = (world.dataset.as_of - world.last[active]) / MICROSECONDS_PER_DAY
    categories, words = (_overs(counts, at, names) for counts, names in (world.categories, world.words))
    facts = _Facts(world.dataset.user_facts if users else world.dataset.item_facts, world.segments.known)
    events = int(world.events[members].sum())
    return Portrait(
        number=at + 1,
        name=_name(categories, words) or f"segment {at + 1}",
        size=len(members),
        share=len(members) / max(int(world.segments.known.sum()), 1),
        events=events,
        events_share=events / max(int(world.events.sum()), 1),
        recent_days=float(np.median(days)) if len(active) else None,
        items=_items(world, at, members),
        categories=categories,
        words=words,
        numbers=facts.numbers(members),
        modes=facts.modes(members),
    )


def _overs(counts: Counts, at: int, names: list[str]) -> tuple[Over, ...]:
    share, usual = counts.share(at), counts.usual()
    return tuple(
        Over(names[thing], names[thing], int(counts.inside[at, thing]), float(share[thing]), float(usual[thing]))
        for thing in counts.most_over(at, LISTED)
    )


def _items(world: _World, at: int, members: Array) -> tuple[Over, ...]:
    """What the users of a segment have more often than all; of a segment of items, those that most users have."""
    if world.segments.of == "users":
        counts = world.items
        chosen, inside, share, usual = counts.most_over(at, LISTED), counts.inside[at], counts.share(at), counts.usual()
    else:
        inside = world.users_of
        chosen = members[np.lexsort((members, -inside[members]))][:LISTED]
        share = usual = inside / max(world.dataset.n_users, 1)
    return tuple(
        Over(
            world.dataset.items.name(int(item)),
            world.catalogue.title(int(item)),
            int(inside[item]),
            float(share[item]),
            float(usual[item]),
        )
        for item in chosen
    )


def _name(categories: tuple[Over, ...], words: tuple[Over, ...]) -> str:
    """The categories that stand out, or else the words."""
    large = tuple(one for one in categories if one.share >= LEAST_SHARE)
    for found, (lift, most) in zip((large, words), NAMING, strict=True):
        chosen: list[str] = []
        for one in found:
            if one.lift >= lift and not any(one.name.rstrip("s") == other.rstrip("s") for other in chosen):
                chosen.append(one.name)
        if chosen:
            return ", ".join(chosen[:most])
    return ""


@dataclass(frozen=True)
class _Facts:
    """Facts of users or items, (n) rows; ``known`` bool (n,) are those in a segment, and stand for all."""

    facts: Frame
    known: Array

    def numbers(self, members: Array) -> tuple[Number, ...]:
        """Means that are set apart, the furthest first."""
        found = []
        for name in self.facts.columns:
            if self.facts.schema[name].is_numeric():
                values = self.facts[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
                all_of, own = (part[np.isfinite(part)] for part in (values[self.known], values[members]))
                spread = float(all_of.std()) if len(all_of) else 0.0
                if len(own) >= LEAST and spread > 0:
                    mean, usual = float(own.mean()), float(all_of.mean())
                    found.append(Number(name, mean, usual, (mean - usual) / spread))
        return tuple(sorted(found, key=lambda one: -abs(one.deviations)))

    def modes(self, members: Array) -> tuple[Mode, ...]:
        """The value of each categorical fact that is most over-represented, the most surely over-represented first."""
        found = []
        for name in self.facts.columns:
            fact = self.facts[name]
            if fact.dtype.is_nested() or not is_categorical(fact) or fact.n_unique() > MOST_VALUES:
                continue
            if name.lower() in CATEGORY_FACTS:
                continue  # told as categories already
            told = fact.cast(pl.String)
            values = told.drop_nulls().unique().sort()
            code = told.replace_strict(values, np.arange(len(values)), default=None, return_dtype=pl.Int64)
            own, everybody = (_tallied(code, rows, len(values)) for rows in (members, np.flatnonzero(self.known)))
            counts = Counts(own[None, :], np.array([max(own.sum(), 1)]), everybody, float(max(everybody.sum(), 1)))
            share, usual = counts.share(0), counts.usual()
            common = [at for at in counts.most_over(0, LISTED) if share[at] >= LEAST_MODE][:1]
            found += [Mode(name, values[int(at)], float(share[at]), float(usual[at])) for at in common]
        return tuple(sorted(found, key=lambda one: -(one.share - one.usual)))


def _tallied(code: pl.Series, rows: Array, n: int) -> Array:
    return np.bincount(code[rows].drop_nulls().to_numpy(), minlength=n).astype(np.float64)
