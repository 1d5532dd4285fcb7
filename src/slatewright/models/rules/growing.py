"""The innermost part of mining: sets grow depth first from a first item."""

from typing import Any

import numpy as np

from slatewright.core.kernels import kernel
from slatewright.models.rules.bits import meet, weigh


@kernel()
def grow(
    stop: Any, order: Any, places: Any, bounds: Any, starts: Any, ends: Any, worth: Any, least: int, lengths: Any,
    items: Any, counts: Any, state: Any, longest: int,
) -> None:  # fmt: skip
    """Write down all frequent sets whose rarest item has a place in ``[state[0], stop)``, as far as there is room.

    ``lengths`` int32 and ``counts`` int64 (sets,) take the length of each set and its baskets (what they are worth,
    where they do not count alike), ``items`` int32 the items of all sets end to end. ``state`` int64 (3,): the next
    place, the sets and the items written so far. Where room runs out, the state is that before the place which found
    too little.
    """
    times, row = np.zeros(len(order), np.int64), np.empty(len(order), np.int32)
    members = np.empty(longest, np.int32)  # the set that grows
    for first in range(state[0], stop):
        support = bounds[first + 1] - bounds[first]
        members[0] = order[first]
        planes = _planes(worth[bounds[first] : bounds[first + 1]])
        alone = _worth_of(worth, bounds[first], bounds[first + 1])
        room, n_sets, n_items = _write(members, 1, alone, lengths, items, counts, state[1], state[2])
        if room and longest > 1:
            followers = _followers(first, places, bounds, starts, ends, least, times, row)
            if len(followers):
                bits = np.zeros((len(followers) + 64, (support + 63) // 64), np.uint64)
                _set_bits(first, places, bounds, starts, ends, least, times, row, bits)
                room, n_sets, n_items = _deepen(
                    members,
                    order,
                    followers,
                    times[followers],
                    bits,
                    planes,
                    least,
                    lengths,
                    items,
                    counts,
                    n_sets,
                    n_items,
                )
            _forget(first, places, bounds, starts, ends, times)
        if not room:
            return
        state[0], state[1], state[2] = first + 1, n_sets, n_items


@kernel()
def _deepen(
    members: Any, order: Any, followers: Any, their_counts: Any, bits: Any, planes: Any, least: int, lengths: Any,
    items: Any, counts: Any, n_sets: Any, n_items: Any,
) -> Any:  # fmt: skip
    """Grow the set of ``members[0]`` in every way, depth first; gives whether there was room, and what is written."""
    longest = len(members)
    at, top = np.empty(longest, np.int64), np.empty(longest, np.int64)
    whose, held = np.empty(len(bits), np.int32), np.empty(len(bits), np.int64)
    whose[: len(followers)], held[: len(followers)] = followers, their_counts
    for one in range(len(followers) if len(planes) else 0):
        held[one] = weigh(bits[one], planes)
    depth, at[0], top[0] = 0, 0, len(followers)
    # Level d holds the rows from top[d - 1] to top[d]; at[d] is the row that the set grows by next.
    while depth >= 0:
        here, length = at[depth], depth + 2
        if here == top[depth]:
            depth -= 1
            continue
        at[depth] += 1
        members[depth + 1] = order[whose[here]]
        room, n_sets, n_items = _write(members, length, held[here], lengths, items, counts, n_sets, n_items)
        if not room:
            return False, n_sets, n_items
        if length < longest and here + 1 < top[depth]:
            if top[depth] + top[depth] - here > len(bits):
                bits, whose, held = _wider(bits, whose, held, top[depth])
            free = _grown(here, top[depth], least, bits, planes, whose, held)
            if free > top[depth]:
                at[depth + 1], top[depth + 1] = top[depth], free
                depth += 1
    return True, n_sets, n_items


@kernel()
def _grown(here: Any, top: Any, least: int, bits: Any, planes: Any, whose: Any, held: Any) -> Any:
    """Let a row meet those after it, up to ``top``, and keep the frequent from there on; gives where they end."""
    free = top
    for other in range(here + 1, top):
        both = meet(bits[here], bits[other], bits[free])
        if both >= least:
            whose[free], held[free] = whose[other], weigh(bits[free], planes) if len(planes) else both
            free += 1
    return free


@kernel()
def _write(
    members: Any, length: Any, support: Any, lengths: Any, items: Any, counts: Any, n_sets: Any, n_items: Any
) -> Any:  # fmt: skip
    """Write a set down; gives whether there was room, and how much is written then."""
    if n_sets == len(lengths) or n_items + length > len(items):
        return False, n_sets, n_items
    lengths[n_sets], counts[n_sets] = length, support
    for one in range(length):
        items[n_items + one] = members[one]
    return True, n_sets + 1, n_items + length


@kernel()
def _planes(worth: Any) -> Any:
    """The worth of some baskets, one plane for each of its bits, as ``weigh`` reads them."""
    planes = np.zeros((8 if len(worth) else 0, (len(worth) + 63) // 64), np.uint64)
    for basket in range(len(worth)):
        for plane in range(8):
            if (worth[basket] >> plane) & 1:
                planes[plane, basket >> 6] |= np.uint64(1) << np.uint64(basket & 63)
    return planes


@kernel()
def _worth_of(worth: Any, begin: Any, end: Any) -> Any:
    """What the baskets of some occurrences are worth; how many they are, where all count alike."""
    if len(worth) == 0:
        return end - begin
    total = np.int64(0)
    for occurrence in range(begin, end):
        total += worth[occurrence]
    return total


@kernel()
def _followers(first: int, places: Any, bounds: Any, starts: Any, ends: Any, least: int, times: Any, row: Any) -> Any:
    """The places that follow ``first`` in enough baskets, in order; ``times`` counts each, ``row`` numbers those."""
    for occurrence in range(bounds[first], bounds[first + 1]):
        for entry in range(starts[occurrence], ends[occurrence]):
            times[places[entry]] += 1
    n = 0
    for place in range(first + 1, len(times)):
        if times[place] >= least:
            row[place] = n
            n += 1
    found = np.empty(n, np.int32)
    for place in range(first + 1, len(times)):
        if times[place] >= least:
            found[row[place]] = place
    return found


@kernel()
def _set_bits(
    first: int, places: Any, bounds: Any, starts: Any, ends: Any, least: int, times: Any, row: Any, bits: Any
) -> None:  # fmt: skip
    """Set a bit for every follower in every basket of ``first``."""
    for occurrence in range(bounds[first], bounds[first + 1]):
        basket = occurrence - bounds[first]
        word, bit = basket >> 6, np.uint64(1) << np.uint64(basket & 63)
        for entry in range(starts[occurrence], ends[occurrence]):
            if times[places[entry]] >= least:
                bits[row[places[entry]], word] |= bit


@kernel()
def _forget(first: int, places: Any, bounds: Any, starts: Any, ends: Any, times: Any) -> None:
    """Count from zero again, the shorter way."""
    entries = 0
    for occurrence in range(bounds[first], bounds[first + 1]):
        entries += ends[occurrence] - starts[occurrence]
    if entries > len(times):
        times[:] = 0
        return
    for occurrence in range(bounds[first], bounds[first + 1]):
        for entry in range(starts[occurrence], ends[occurrence]):
            times[places[entry]] = 0


@kernel()
def _wider(bits: Any, whose: Any, held: Any, used: int) -> Any:
    """Twice the rows; a level may need as many as the one before."""
    more = np.empty((2 * len(bits), bits.shape[1]), np.uint64)
    more[:used] = bits[:used]
    owners, numbers = np.empty(len(more), np.int32), np.empty(len(more), np.int64)
    owners[:used], numbers[:used] = whose[:used], held[:used]
    return more, owners, numbers
