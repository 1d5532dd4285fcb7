"""A set of features: declared in a recipe, bound to a catalogue, read live and replayed."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, NamedTuple, Protocol

import numba
import numpy as np

from slatewright.core.arrays import Frame, Index, Offsets, Scores, Weights
from slatewright.core.chunks import in_chunks
from slatewright.core.errors import BadInput, BadKnob, Leak
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.catalogue import Catalogue
from slatewright.data.histories import Histories
from slatewright.data.interactions import Interactions
from slatewright.data.showings import Showings
from slatewright.features.contracts import Feature, Moment, Moments, Numbers
from slatewright.features.counters import Counters
from slatewright.features.happenings import (
    IMPRESSION,
    Events,
    Happened,
    Occurrence,
    Part,
    Witnessed,
    acts_of,
    happened,
    numbered,
    parts,
)
from slatewright.features.layout import EVERY_KIND, SHOWN, Acts, Layout, Ops, Pairs, Past, Visits
from slatewright.features.plan import Plan, ops_of
from slatewright.features.reading import all_below, gather_pairs, gather_visits, read_rows, table_of
from slatewright.features.replaying import Asked, replay_rows
from slatewright.features.together import learn_pairs

NOTHING_SHOWN = Past(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int8))


class Counts(Protocol):
    """What was counted until now: the counters of a bundle, or a state that counts on."""

    @property
    def pairs(self) -> Pairs:
        """The items that go together."""

    def gather(self, layout: Layout, items: Index, now: int) -> Numbers:
        """The cells of some items as of ``now``, and their totals: float64 (n + 1, n_columns)."""


@dataclass(frozen=True)
class FeatureSet:
    """Features in the order of their columns; of a history the newest ``longest_history`` events are looked at."""

    features: Sequence[Feature]
    longest_history: Annotated[int, Knob("newest events of a history that are looked at", least=1)] = 1000

    def __post_init__(self) -> None:
        check_knobs(self)
        object.__setattr__(self, "features", tuple(self.features))
        names = [feature.name for feature in self.features]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise BadKnob(f"FeatureSet.features must have names of their own, got {min(twice)} twice")

    def bind(self, catalogue: Catalogue) -> "BoundFeatures":
        """The set over the items of a catalogue.

        Raises:
            BadInput: a feature names a fact that the items do not have.
        """
        plan = Plan(catalogue)
        ops = ops_of(self.features, plan)
        return BoundFeatures(self, plan, ops, plan.layout(), plan.visits(), plan.facts())


@dataclass(frozen=True, eq=False)
class BoundFeatures:
    """A set of features over a catalogue. Any thread may read."""

    made_of: FeatureSet
    plan: Plan
    ops: Ops
    layout: Layout
    visits: Visits
    static: Weights

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(feature.name for feature in self.made_of.features)

    @cached_property
    def signature(self) -> int:
        """A number that another set of features, or one over another catalogue, does not have."""
        said = "\n".join((repr(self.made_of), str(self.layout.n_keys.tolist()), *self.plan.catalogue.items))
        return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), signed=True)

    @cached_property
    def counts_shown(self) -> bool:
        """Whether any column counts, of the whole shop, that items were shown."""
        basket = self.plan.basket
        return bool((self.layout.kind == SHOWN).any()) or (basket is not None and basket.kind == IMPRESSION)

    @cached_property
    def asks_shown(self) -> bool:
        """Whether any column asks what the user was shown lately."""
        return bool((self.visits.kind == SHOWN).any())

    def nothing(self, as_of: int) -> Counters:
        """Counters of no event."""
        return Counters.nothing(self.layout, as_of, self.signature)

    def counters(self, events: Events, as_of: int) -> Counters:
        """What a bundle holds of the events before ``as_of`` (µs UTC), in any order.

        ``events`` is a frame ``item_id, kind, time`` and, where known, ``value`` and ``user_id`` (see ``happenings``),
        or the interactions of a data set over the same items.
        """
        return self._counted(events, as_of)

    def happened(self, events: Frame | Interactions) -> Happened:
        """Events as kernels count them."""
        return happened(events, self.plan.catalogue.items, self.plan.kinds)

    def acts(self, occurrences: Iterable[Occurrence]) -> Acts:
        """A few events as kernels count them."""
        return acts_of(occurrences, self.plan.catalogue.items, self.plan.kinds)

    def read(self, moment: Moment, items: Index, counts: Counts) -> Scores:
        """The table of one request, float32 (n, n_features), of items int32 (n,).

        Raises:
            BadInput: an index of an item that the catalogue does not have.
        """
        items = self._checked(items)
        past = self._past(moment.history, self.made_of.longest_history)
        seen = np.empty((len(items) + 1, len(self.visits.space)))
        shown = self._shown(moment.history, moment.now)
        gather_visits(self.layout, self.visits, self.static, moment.now, past, shown, items, seen)
        together = np.empty(len(items))
        gather_pairs(counts.pairs, self.plan.last, past, items, together)
        counted = counts.gather(self.layout, items, moment.now)
        out = table_of(len(items), len(self.names))
        said = self._said(Moments.of(moment))[0]
        read_rows(self.ops, self.static, said, moment.now, items, counted, seen, together, out)
        return out

    def replay(
        self, events: Events, moments: Moments, offsets: Offsets, items: Index, *, start: Counters | None = None
    ) -> Scores:
        """The tables of many requests, float32 (total, n_features), as ``read`` would have given them at the time.

        Moment ``m`` asks for ``items[offsets[m]:offsets[m + 1]]`` and sees the events before it only; events may be in
        any order, and later ones may be among them. ``start`` is what is known before the first moment, as a bundle
        would hold it: by default all events before it. What a bundle learns (which items go together) is learned from
        those alone.

        Raises:
            Leak: a moment lies before ``start.as_of``.
            BadInput: an index of an item that the catalogue does not have.
        """
        out = table_of(int(offsets[-1]), len(self.names))
        if len(moments) == 0:
            return out
        first = int(moments.times.min())
        start = self._counted(events, first) if start is None else start
        if first < start.as_of:
            raise Leak(f"a moment at {first} must not be told what was counted until {start.as_of}")
        asked = self._asked(moments, offsets, self._checked(items))
        begin = 0
        for end, later in self._parts(events, start.as_of, int(moments.times.max())):
            until = int(np.searchsorted(asked.moments.times, end, side="right"))
            self._replay(later, asked, begin, until, start, out)
            if until < len(moments):
                start = start.copied()
                start.count(self.layout, later.acts)
            begin = until
        return out

    def _asked(self, moments: Moments, offsets: Offsets, items: Index) -> "_Replayed":
        order = np.argsort(moments.times, kind="stable")
        owners = moments.owners().astype(np.int64)[order]
        asked = Asked(moments.times[order], owners, offsets[:-1][order], offsets[1:][order], self._said(moments)[order])
        histories = moments.histories
        shown_at, shown = self._offsets_shown(histories), self._shown(histories)
        return _Replayed(asked, items, np.array(histories.offsets), self._past(histories), shown_at, shown)

    def _replay(self, later: Happened, asked: "_Replayed", begin: int, end: int, start: Counters, out: Scores) -> None:
        """Fill the rows of moments ``begin`` to ``end``; ``later`` is what happened since ``start``."""
        moments = asked.moments.part(begin, end)
        work = np.cumsum(np.concatenate([[0], moments.ends - moments.begins + 1]))

        def task(first: int, last: int) -> None:
            counting = start.copied()
            replay_rows(
                self.ops, self.layout, self.visits, self.static, start.pairs, self.plan.last,
                self.made_of.longest_history, counting.cells, counting.landmarks, later.acts, moments, asked.offsets,
                asked.past, asked.shown_at, asked.shown, asked.items, out, first, last,
            )  # fmt: skip

        in_chunks(task, _shares(work, numba.get_num_threads()))

    def _parts(self, events: Events, since: int | None, before: int) -> Iterator[Part]:
        basket = self.plan.basket
        whole = basket is not None and basket.kind == IMPRESSION  # what goes together is learned of all at once
        return parts(events, self.plan.catalogue.items, self.plan.kinds, since, before, whole)

    def _counted(self, events: Events, as_of: int) -> Counters:
        counters, basket = self.nothing(as_of), self.plan.basket
        for part in self._parts(events, None, as_of):
            counters.count(self.layout, part.events.acts)
        if basket is None:
            return counters
        if isinstance(events, Witnessed) and basket.kind != IMPRESSION:
            part = Part(as_of, self.happened(events.interactions).cut(as_of)[0])
        pairs = learn_pairs(part.events, basket, self.plan.kind(basket.kind), len(self.plan.catalogue))
        return Counters(counters.cells, counters.landmarks, pairs, as_of, self.signature)

    def _said(self, moments: Moments) -> Numbers:
        if not self.plan.asked:
            return np.zeros((len(moments), 0))
        return np.stack([asking.of(moments) for asking in self.plan.asked], axis=1)

    def _checked(self, items: Index) -> Index:
        """Indices of items in an array of their own."""
        own, n_items = np.array(items, dtype=np.int32), len(self.plan.catalogue)
        if not all_below(own, n_items):
            raise BadInput(f"item indices must be from 0 to {n_items - 1}, got {own.min()} to {own.max()}")
        return own

    def _past(self, histories: Histories, longest: int | None = None) -> Past:
        """Events of histories in arrays of their own: kernels are compiled for those that may be written to."""
        newest = slice(None if longest is None else -longest, None)
        items = self._checked(histories.items[newest])
        if histories.kinds is None:
            kinds = np.full(len(items), EVERY_KIND, dtype=np.int8)
        else:
            kinds = numbered(histories.kind_names, self.plan.kinds)[histories.kinds[newest]]
        return Past(items, np.array(histories.times[newest]), kinds)

    def _offsets_shown(self, histories: Histories) -> Offsets:
        """Where what each owner was shown begins and ends."""
        shown = histories.shown if self.asks_shown else None
        return np.array((shown or Showings.nothing(len(histories))).offsets)

    def _shown(self, histories: Histories, now: int | None = None) -> Past:
        """What the owners of histories were shown; at an instant what counts of the only one of them."""
        shown = histories.shown
        if shown is None or not self.asks_shown:
            return NOTHING_SHOWN
        shown = shown if now is None else shown.lately(now)
        kinds = np.full(len(shown.items), SHOWN, dtype=np.int8)
        return Past(self._checked(shown.items), np.array(shown.times), kinds)


class _Replayed(NamedTuple):
    """Moments in the order of time, the items they ask for, and what their owners did and were shown."""

    moments: Asked
    items: Index
    offsets: Offsets
    past: Past
    shown_at: Offsets
    shown: Past


def _shares(work: Offsets, n: int) -> Offsets:
    """Bounds of n shares of about equal work: each share counts all events before it, so there are few."""
    steps = np.linspace(0, work[-1], n + 1)[1:-1]
    return np.unique(np.concatenate([[0], np.searchsorted(work, steps), [len(work) - 1]])).astype(np.int64)
