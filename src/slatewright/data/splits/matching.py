"""Which events of a user are also among some others of the same user: pairs, visits, whole events, on both sides."""

import numpy as np

from slatewright.core.arrays import Array, Mask, Offsets
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.kernels import kernel
from slatewright.data.interactions import Interactions


def also_in(keys: Array, offsets: Offsets, others: Array, other_offsets: Offsets) -> Mask:
    """Which keys of each row also stand in the same row of ``others``, bool (keys,).

    Rows are CSR, as many on both sides; keys are integers in any order. The shorter side of each row is sorted, the
    other one looked up in it.
    """
    found = np.zeros(len(keys), dtype=np.bool_)
    own, theirs = keys.astype(np.int64, copy=False), others.astype(np.int64, copy=False)
    work = (offsets - offsets[0]) + (other_offsets - other_offsets[0])
    in_chunks(lambda low, high: _mark(own, offsets, theirs, other_offsets, low, high, found), chunks_of(work))
    return found


def in_visits_of(table: Interactions, rows: Mask, others: Mask) -> Mask:
    """Those of ``rows`` that belong to the same visit of the same user as one of ``others``, bool (events,)."""
    shared = np.zeros(len(table), dtype=np.bool_)
    if table.session is None:
        return shared
    told = table.session > 0
    asked, against = np.flatnonzero(rows & told), np.flatnonzero(others & told)
    n_users = int(table.user[-1]) + 1 if len(table) else 0
    ends = [np.searchsorted(table.user[part], np.arange(n_users + 1)) for part in (asked, against)]
    shared[asked] = also_in(table.session[asked], ends[0], table.session[against], ends[1])
    return shared


def beside(table: Interactions, rows: Mask, others: Mask) -> Mask:
    """Those of ``rows`` that would give one of ``others`` away, bool (events,): of the same visit, or the same event.

    The same event is one user, item, kind and instant, as on two invoices of one minute.
    """
    first = np.full(int(table.user.max(initial=-1)) + 1, np.iinfo(np.int64).max)  # when each user's others begin
    np.minimum.at(first, table.user[others], table.time[others])
    alike = np.flatnonzero((rows | others) & (table.time >= first[table.user]))
    columns = [column[alike] for column in (table.user, table.item, table.kind, table.time)]
    order = np.lexsort(columns)
    fresh = np.ones(len(alike), dtype=np.bool_)
    fresh[1:] = np.any([np.diff(column[order]) != 0 for column in columns], axis=0)
    event = np.empty(len(alike), dtype=np.int64)
    event[order] = np.cumsum(fresh) - 1
    held = np.zeros(len(alike), dtype=np.bool_)
    held[event[others[alike]]] = True
    same = np.zeros(len(table), dtype=np.bool_)
    same[alike] = held[event]
    return in_visits_of(table, rows, others) | (same & rows)


@kernel()
def _mark(
    keys: Offsets, offsets: Offsets, others: Offsets, other_offsets: Offsets, low: int, high: int, found: Mask
) -> None:
    for row in range(low, high):
        start, stop = other_offsets[row], other_offsets[row + 1]
        if start == stop or offsets[row] == offsets[row + 1]:
            continue
        if stop - start < offsets[row + 1] - offsets[row]:
            known = np.sort(others[start:stop])
            for at in range(offsets[row], offsets[row + 1]):
                place = np.searchsorted(known, keys[at])
                found[at] = place < len(known) and known[place] == keys[at]
            continue
        own = keys[offsets[row] : offsets[row + 1]]
        order = np.argsort(own)
        ranked = own[order]
        for at in range(start, stop):
            place = np.searchsorted(ranked, others[at])
            while place < len(ranked) and ranked[place] == others[at] and not found[offsets[row] + order[place]]:
                found[offsets[row] + order[place]] = True
                place += 1
