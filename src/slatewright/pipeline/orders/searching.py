"""The first arrangement that keeps to every limit, place by place, or the proof that there is none.

Depth first: each place takes the first candidate that breaks no limit, so nothing stands lower than it must. A place
that finds nobody goes back, and what failed once is not tried again: candidates that no limit tells apart are tried
once, and so is a state that was reached on two ways. Bounds on what the rest can still bring end hopeless ways early.
"""

from typing import Any

import numpy as np

from slatewright.core.kernels import kernel
from slatewright.core.mixing import GOLDEN, mixed

MOST_LOOKS = 300_000  # at candidates, in one search; a few milliseconds
MEMORY = 1 << 14  # states that are remembered as failed
FOUND, NONE, UNKNOWN = 1, 0, -1


@kernel()
def _likes(codes: Any) -> Any:
    """One number for all candidates that no limit tells apart, uint64 (n,)."""
    likes = np.empty(codes.shape[1], dtype=np.uint64)
    for at in range(codes.shape[1]):
        number = GOLDEN
        for limit in range(codes.shape[0]):
            for nth in range(codes.shape[2]):
                number = mixed(number + np.uint64(codes[limit, at, nth] + 2) * GOLDEN)
        likes[at] = number
    return likes


@kernel()
def _fits(codes: Any, windows: Any, most: Any, least: Any, barred: Any, at: Any, place: Any, places: Any, held: Any,
          matched: Any) -> Any:  # fmt: skip
    """Whether a candidate may stand at a place; ``held`` counts values in the window, ``matched`` matches so far."""
    for limit in range(codes.shape[0]):
        matches = codes[limit, at, 0] >= 0
        if matches and place == 0 and barred[limit]:
            return False
        for nth in range(codes.shape[2]):
            value = codes[limit, at, nth]
            if value >= 0 and held[limit, value] >= most[limit]:
                return False
        if least[limit] > 0 and not matches:
            window = windows[limit]
            for start in range(max(0, place - window + 1), min(place, places - window) + 1):
                there = matched[limit, place] - matched[limit, start]
                if there + (start + window - place - 1) < least[limit]:
                    return False
    return True


@kernel()
def _room(window: Any, most: Any, held: Any, places: Any, left: Any) -> Any:
    """How many more of one value the places that are left can take at most."""
    if window >= places:
        return most - held
    return (left // window) * most + min(most, left % window)


@kernel()
def _can_come(codes: Any, windows: Any, most: Any, used: Any, held: Any, places: Any, left: Any, wanted: Any, by: Any,
              seen: Any) -> Any:  # fmt: skip
    """How many candidates that limit ``wanted`` counts (-1: any) limit ``by`` lets into the places left, at most."""
    total = 0
    for at in range(codes.shape[1]):
        if used[at] or (wanted >= 0 and codes[wanted, at, 0] < 0):
            continue
        if codes[by, at, 0] < 0:
            total += 1
        for nth in range(codes.shape[2]):
            value = codes[by, at, nth]
            if value >= 0:
                seen[value] += 1
                total += seen[value] <= _room(windows[by], most[by], held[by, value], places, left)
    for at in range(codes.shape[1]):
        for nth in range(codes.shape[2]):
            if codes[by, at, nth] >= 0:
                seen[codes[by, at, nth]] = 0
    return total


@kernel()
def _hopeless(codes: Any, windows: Any, most: Any, least: Any, used: Any, held: Any, matched: Any, placed: Any,
              places: Any, seen: Any) -> Any:  # fmt: skip
    """Whether the candidates left cannot fill the places left, or cannot bring what is still wanted of the slate."""
    left, owed = places - placed, 0
    for by in range(codes.shape[0]):
        bounded = most[by] < places
        if bounded and _can_come(codes, windows, most, used, held, places, left, -1, by, seen) < left:
            return True
        for wanted in range(codes.shape[0]):
            owes = least[wanted] - matched[wanted, placed]
            if (
                windows[wanted] >= places
                and owes > 0
                and (bounded or wanted == by)
                and _can_come(codes, windows, most, used, held, places, left, wanted, by, seen) < owes
            ):
                return True
        owed += max(0, least[by] - matched[by, placed]) if windows[by] >= places else 0
    return owed > left and _brought(codes, windows, least, used, matched, placed, places) < owed


@kernel()
def _brought(codes: Any, windows: Any, least: Any, used: Any, matched: Any, placed: Any, places: Any) -> Any:
    """How much of what is owed the best candidates left can bring together, at most."""
    limits, left = codes.shape[0], places - placed
    by_gain = np.zeros(limits + 1, dtype=np.int64)
    for at in range(codes.shape[1]):
        gain = 0
        for limit in range(limits):
            owes = windows[limit] >= places and least[limit] > matched[limit, placed]
            gain += owes and codes[limit, at, 0] >= 0
        by_gain[gain] += not used[at]
    total = 0
    for gain in range(limits, 0, -1):
        taken = min(left, by_gain[gain])
        total, left = total + gain * taken, left - taken
    return total


@kernel()
def _move(codes: Any, windows: Any, chosen: Any, place: Any, step: Any, held: Any, matched: Any) -> None:
    """Let the candidate at a place come into the windows of the next one (step 1), or leave them again (-1)."""
    for limit in range(codes.shape[0]):
        matched[limit, place + 1] = matched[limit, place] + (codes[limit, chosen[place], 0] >= 0)
        gone = place + 1 - windows[limit]
        for nth in range(codes.shape[2]):
            value = codes[limit, chosen[place], nth]
            if value >= 0:
                held[limit, value] += step
            if gone >= 0 and codes[limit, chosen[gone], nth] >= 0:
                held[limit, codes[limit, chosen[gone], nth]] -= step


@kernel()
def _state(likes: Any, chosen: Any, placed: Any, longest: Any) -> Any:
    """What the rest depends on: how many of each kind stand, and which stood last."""
    kinds, last = np.uint64(placed), np.uint64(0)
    for place in range(placed):
        kinds += mixed(likes[chosen[place]])
        if place > placed - longest:
            last = mixed(last + likes[chosen[place]])
    return mixed(kinds ^ last) | np.uint64(1)


@kernel()
def _spot(memory: Any, state: Any) -> Any:
    """Where a state stands in memory, or would stand; -1: there is no room."""
    if len(memory) == 0:
        return -1
    at = np.int64(state % np.uint64(len(memory)))
    for _ in range(32):
        if memory[at] == state or memory[at] == 0:
            return at
        at = (at + 1) % len(memory)
    return -1


@kernel()
def _next(codes: Any, windows: Any, most: Any, least: Any, barred: Any, first: Any, place: Any, places: Any, used: Any,
          held: Any, matched: Any, likes: Any, failed: Any) -> Any:  # fmt: skip
    """The first candidate from ``first`` on that may stand at a place and is like none that ``failed`` there."""
    for at in range(first, codes.shape[1]):
        if used[at] or not _fits(codes, windows, most, least, barred, at, place, places, held, matched):
            continue
        known = False
        for like in failed:
            known |= like == likes[at]
        if not known:
            return at
    return codes.shape[1]


@kernel()
def _longest(windows: Any, places: Any) -> Any:
    """The longest window that is shorter than the slate."""
    longest = 1
    for window in windows:
        if window < places:
            longest = max(longest, window)
    return longest


@kernel()
def first_arrangement(codes: Any, windows: Any, most: Any, least: Any, barred: Any, places: Any,
                      most_looks: Any = MOST_LOOKS) -> Any:  # fmt: skip
    """Positions (places,) of the first arrangement within the limits; FOUND, NONE or UNKNOWN; how many looks that took.

    ``codes`` int32 (limits, n, w) are the values of each candidate under each limit, -1: none. Of any ``windows``
    places in a row, at most ``most`` hold one value and at least ``least`` hold any; where ``barred``, the first place
    of all holds none.
    """
    limits, n, longest = codes.shape[0], codes.shape[1], _longest(windows, places)
    chosen, tried, n_failed = np.zeros(places, np.int64), np.zeros(places + 1, np.int64), np.zeros(places + 1, np.int64)
    used, held = np.zeros(n, np.bool_), np.zeros((limits, codes.max() + 2), np.int64)
    matched, seen = np.zeros((limits, places + 1), np.int64), np.zeros(codes.max() + 2, np.int64)
    likes, memory = np.zeros(0, np.uint64), np.zeros(0, np.uint64)  # filled once something failed
    failed = np.zeros((places + 1, 0), np.uint64)
    place, looks, lost = 0, 0, _hopeless(codes, windows, most, least, used, held, matched, 0, places, seen)
    while place < places or lost:
        at = n
        if not lost:
            before = failed[place, : n_failed[place]]
            at = _next(codes, windows, most, least, barred, tried[place], place, places, used, held, matched, likes,
                       before)  # fmt: skip
            looks += at - tried[place] + n
        if looks > most_looks:
            return chosen, UNKNOWN, looks
        if at < n:
            chosen[place], used[at], tried[place] = at, True, at + 1
            _move(codes, windows, chosen, place, 1, held, matched)
            place += 1
            tried[place], n_failed[place] = 0, 0
            lost = _hopeless(codes, windows, most, least, used, held, matched, place, places, seen)
            spot = _spot(memory, _state(likes, chosen, place, longest)) if len(memory) else -1
            lost |= spot >= 0 and memory[spot] != 0
            continue
        if place == 0:
            return chosen, NONE, looks
        if len(memory) == 0:
            likes, memory, failed = _likes(codes), np.zeros(MEMORY, np.uint64), np.zeros((places + 1, n), np.uint64)
        state, lost = _state(likes, chosen, place, longest), False
        spot = _spot(memory, state)
        if spot >= 0:
            memory[spot] = state
        place -= 1
        _move(codes, windows, chosen, place, -1, held, matched)
        used[chosen[place]], failed[place, n_failed[place]] = False, likes[chosen[place]]
        n_failed[place] += 1
    return chosen, FOUND, looks
