"""Robots: users whose events come faster than any person acts."""

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Mask
from slatewright.core.clock import MICROSECONDS_PER_SECOND
from slatewright.core.kernels import kernel
from slatewright.data.cleaning.knobs import Cleaning, StepCount
from slatewright.data.cleaning.rows import Rows

SECOND_BITS = 38  # seconds since the first event: room for 8,700 years, and 67 million users in the bits above


def set_aside_robots(rows: Rows, knobs: Cleaning) -> StepCount:
    """Quarantine every event of a user who was once too fast.

    Every event of ``robot_kinds`` counts. Events of other kinds count once a second: a basket of 500 lines is paid in
    one moment, and 300 films may be rated by sending one page.
    """
    limits = (knobs.robot_events_per_minute, 60), (knobs.robot_events_per_day, 86_400)
    least = min(limit for limit, _ in limits)
    busy = np.bincount(rows.user, weights=rows.live()) > least
    robots = np.zeros(len(busy), dtype=np.bool_)
    checked = rows.live() & busy[rows.user]
    if checked.any():
        acts = _acts(rows, checked, knobs.robot_kinds)
        for limit, seconds in limits:
            robots[_too_fast(acts, seconds, limit) >> np.uint64(SECOND_BITS)] = True
    speed = f"more than {knobs.robot_events_per_minute:,} events in a minute or {knobs.robot_events_per_day:,} in a day"
    return rows.quarantine(robots[rows.user], "robots", f"robot: a user with {speed}", f"users with {speed}")


def _acts(rows: Rows, checked: Mask, single_kinds: tuple[str, ...]) -> npt.NDArray[np.uint64]:
    """User (high bits) and second (low bits) of everything that counts, sorted."""
    seconds = rows.time[checked] // MICROSECONDS_PER_SECOND
    seconds -= seconds.min()
    acts = (rows.user[checked].astype(np.uint64) << np.uint64(SECOND_BITS)) | seconds.astype(np.uint64)
    single = rows.events["kind"].is_in(list(single_kinds)).fill_null(False).to_numpy()[checked]
    baskets = np.sort(acts[~single])
    first = np.append(True, baskets[1:] != baskets[:-1])[: len(baskets)]
    return np.sort(np.concatenate([acts[single], baskets[first]]))


@kernel()
def _too_fast(acts: npt.NDArray[np.uint64], seconds: int, limit: int) -> npt.NDArray[np.uint64]:
    """The acts that end a window of so many seconds with more than ``limit`` acts of one user."""
    found = np.zeros(len(acts), dtype=np.bool_)
    for at in range(limit, len(acts)):
        first, last = acts[at - limit], acts[at]
        found[at] = first >> SECOND_BITS == last >> SECOND_BITS and last - first < seconds
    return acts[found]
