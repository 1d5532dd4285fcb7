"""The kernel that replays: events are counted and moments are read in the order of time, in one pass."""

from typing import NamedTuple

import numpy as np

from slatewright.core.arrays import Index, Offsets, Scores, Weights
from slatewright.core.kernels import kernel
from slatewright.data.showings import MOST_SHOWN, SHOWN_SINCE
from slatewright.features.applying import apply_acts, gather, move_landmarks
from slatewright.features.layout import Acts, Layout, Numbers, Ops, Pairs, Past, Visits
from slatewright.features.reading import gather_pairs, gather_visits, read_rows


class Asked(NamedTuple):
    """Moments in the order of time: instants, whose history, what each says by itself, where its items and rows lie.

    ``times`` int64, ``owners`` int64, ``begins`` and ``ends`` int64, each (m,); ``said`` float64 (m, n_askings).
    """

    times: Offsets
    owners: Offsets
    begins: Offsets
    ends: Offsets
    said: Numbers

    def part(self, begin: int, end: int) -> "Asked":
        """Those from one to another."""
        some = slice(begin, end)
        return Asked(self.times[some], self.owners[some], self.begins[some], self.ends[some], self.said[some])


@kernel()
def _lately(shown: Past, first: int, end: int, now: int) -> Past:
    """What counts at an instant of what somebody was shown: see ``data.showings.Showings.lately``."""
    times = shown.times[first:end]
    stop = first + np.searchsorted(times, now)
    start = max(first + np.searchsorted(times, now - SHOWN_SINCE), stop - MOST_SHOWN)
    return Past(shown.items[start:stop], shown.times[start:stop], shown.kinds[start:stop])


@kernel()
def replay_rows(
    ops: Ops, layout: Layout, visits: Visits, static: Weights, pairs: Pairs, last: int, longest: int,
    cells: Numbers, landmarks: Offsets, acts: Acts, asked: Asked, offsets: Offsets, past: Past, shown_at: Offsets,
    shown: Past, items: Index, out: Scores, begin: int, end: int,
) -> None:  # fmt: skip
    """Read moments ``begin`` to ``end``; cells are what was counted before the first event of ``acts``, and change."""
    event = 0
    for moment in range(begin, end):
        now = asked.times[moment]
        first = event
        while event < len(acts.times) and acts.times[event] < now:
            event += 1
        if event > first:
            move_landmarks(layout, cells, landmarks, acts.times[event - 1])
            some = Acts(
                acts.items[first:event], acts.kinds[first:event], acts.times[first:event], acts.values[first:event]
            )
            apply_acts(layout, cells, landmarks, some)
        owner = asked.owners[moment]
        stop = offsets[owner] + np.searchsorted(past.times[offsets[owner] : offsets[owner + 1]], now)
        start = max(offsets[owner], stop - longest)
        known = Past(past.items[start:stop], past.times[start:stop], past.kinds[start:stop])
        lately = _lately(shown, shown_at[owner], shown_at[owner + 1], now)
        wanted = items[asked.begins[moment] : asked.ends[moment]]
        counted = np.empty((len(wanted) + 1, len(layout.space)))
        gather(layout, cells, landmarks, now, wanted, counted)
        seen = np.empty((len(wanted) + 1, len(visits.space)))
        gather_visits(layout, visits, static, now, known, lately, wanted, seen)
        together = np.empty(len(wanted))
        gather_pairs(pairs, last, known, wanted, together)
        rows = out[asked.begins[moment] : asked.ends[moment]]
        read_rows(ops, static, asked.said[moment], now, wanted, counted, seen, together, rows)
