"""From what the stages made of a query to the slate that is shown: indices become names, and the slate gets its own."""

import hashlib
from itertools import compress

import numpy as np

from slatewright.pipeline.contracts import Query
from slatewright.pipeline.slate import Outcome, Placed, Slate
from slatewright.pipeline.world import World


def slate_of(world: World, query: Query, outcome: Outcome, *, row: str = "") -> Slate:
    """The slate of an outcome; ``row`` names the row of a page that it is, which may have stages of its own."""
    names = map(world.catalogue.items.name, outcome.items.tolist())
    told = outcome.trace.source_names
    rows = zip(names, outcome.marks.tolist(), outcome.source.tolist(), _proposers(outcome), strict=True)
    items = tuple(
        Placed(position, name, mark, told[source], sources)
        for position, (name, mark, source, sources) in enumerate(rows, start=1)
    )
    return Slate(slate_id(world.version, query, row), items, outcome.fallback, outcome.trace)


def _proposers(outcome: Outcome) -> list[tuple[str, ...]]:
    """The names of all sources that proposed each item of a slate, in the order of the recipe."""
    trace = outcome.trace
    if len(trace.pool.ranks) == 0:
        return [()] * len(outcome.items)
    survivors = np.flatnonzero(trace.dropped_by == 0)
    offered = trace.pool.ranks[:, survivors[trace.arrangements[-1][1][: len(outcome.items)]]].T > 0  # (k, n_sources)
    named: dict[bytes, tuple[str, ...]] = {}  # few sets of sources, many items
    found = []
    for row in offered:
        key = row.tobytes()
        if key not in named:
            named[key] = tuple(compress(trace.source_names, row))
        found.append(named[key])
    return found


def slate_id(version: str, query: Query, row: str = "") -> str:
    """A name that is the same for the same query to the same bundle: any slate can be replayed."""
    digest = hashlib.blake2b(digest_size=16)
    parts = (
        version,
        query.user_id or "",
        query.k,
        query.now,
        query.surface,
        query.slot,
        sorted(query.categories) if query.categories is not None else None,
        sorted(query.exclude_categories),
        sorted(query.facts.items()),
        len(query.history.items),  # where the items of the history end and those to leave out begin
        row,
    )
    digest.update(repr(parts).encode())
    digest.update(query.history.items.tobytes())
    digest.update(query.exclude.tobytes())
    return digest.hexdigest()
