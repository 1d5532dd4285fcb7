"""The history of this moment: what the bundle learned of a user, and what happened since."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from typing import NamedTuple, TypeAlias

import numpy as np

from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.data.netting import PURCHASE, RETURN
from slatewright.data.showings import Showings
from slatewright.events.records import Interaction
from slatewright.features.live import Sight

WeightOf: TypeAlias = Callable[[str, float], float | None]  # kind, value -> weight; None leaves the event out


def joined(
    past: Histories, fresh: Sequence[Interaction], items: IdMap, weight_of: WeightOf, *, as_of: int, now: int
) -> Histories:
    """One history, oldest first: ``past`` (exactly one, learned before ``as_of``) and the fresh events before ``now``.

    Events of items the bundle does not know are left out, and so are events that ``past`` already has (same item, same
    instant: they arrived between the bundle's reading of the log and its promotion). A return takes back the latest
    earlier purchase of that item, as it does in training; one from before ``as_of`` concerns fresh purchases only,
    because ``past`` has already counted it. How much was bought is not learned, so a fresh return takes back a learned
    purchase whole until the next training.
    """
    net = _netted([event for event in fresh if event.time < now], as_of)
    past = _without(past, net, items, np.float32(weight_of(PURCHASE, 1.0) or 0))
    learned = set(_pairs(past))
    found, in_catalogue = items.locate([event.item_id for event in net.kept])
    rows = [
        _Row(item, weight, event.time, event.value, event.kind)
        for item, event in zip(found.tolist(), compress(net.kept, in_catalogue), strict=True)
        if (weight := weight_of(event.kind, event.value)) is not None and (item, event.time) not in learned
    ]
    return _appended(past, rows)


def joined_shown(past: Showings | None, fresh: Sequence[Sight], items: IdMap) -> Showings:
    """What a user was shown, oldest first: by what the bundle knows (exactly one user), and of late, each item once."""
    found = items.positions([item_id for one in fresh for item_id in one.item_ids])
    times = np.repeat([one.time for one in fresh], [len(one.item_ids) for one in fresh]).astype(np.int64)
    known = found >= 0
    return (past or Showings.nothing()).followed_by(found[known], times[known])


class _Net(NamedTuple):
    """Fresh events after their returns: kept, taken back, and how many learned events of an item are returned."""

    kept: list[Interaction]
    gone: list[Interaction]
    returned: Counter[str]


def _netted(events: Iterable[Interaction], as_of: int) -> _Net:
    acts: list[Interaction] = []
    left: list[float] = []  # what is left of the value of each act
    returned: Counter[str] = Counter()
    for event in sorted(events, key=lambda one: (one.time, one.kind == RETURN)):  # of one instant, returns come last
        if event.kind != RETURN:
            acts.append(event)
            left.append(_amount(event))
        elif _take_back(event, acts, left) > 0 and event.time >= as_of:
            returned[event.item_id] += 1
    stays = [event.kind != PURCHASE or rest > 0 for event, rest in zip(acts, left, strict=True)]
    return _Net(list(compress(acts, stays)), [act for act, stay in zip(acts, stays, strict=True) if not stay], returned)


def _amount(event: Interaction) -> float:
    """How much was bought or brought back, as the data set counts it."""
    return abs(event.value if event.quantity is None else event.quantity)


def _take_back(event: Interaction, kept: list[Interaction], left: list[float]) -> float:
    """Subtract a return from the latest earlier purchases; what it could not subtract is given back."""
    owed = _amount(event)
    for at in range(len(kept) - 1, -1, -1):
        if owed <= 0:
            break
        if kept[at].kind == PURCHASE and kept[at].item_id == event.item_id:
            taken = min(owed, max(left[at], 0.0))
            left[at] -= taken
            owed -= taken
    return owed


def _without(past: Histories, net: _Net, items: IdMap, bought: np.float32) -> Histories:
    """The learned history without the purchases that were taken back since; they are told by their weight."""
    if not net.gone and not net.returned:
        return past
    gone = {(items.find(event.item_id), event.time) for event in net.gone}
    keep = np.array([pair not in gone for pair in _pairs(past)], dtype=np.bool_)
    for item_id, times in net.returned.items():
        item = items.find(item_id)
        if item is not None:
            at = np.flatnonzero(keep & (past.items == item) & (past.weights == bought))
            keep[at[-times:]] = False
    return past.only(keep)


def _pairs(past: Histories) -> Iterable[tuple[int, int]]:
    """Item and instant of each learned event, in order."""
    return zip(past.items.tolist(), past.times.tolist(), strict=True)


class _Row(NamedTuple):
    item: int
    weight: float
    time: int
    value: float
    kind: str


def _appended(past: Histories, rows: Sequence[_Row]) -> Histories:
    if not rows:
        return past
    return past.followed_by(
        np.array([row.item for row in rows], dtype=np.int32),
        np.array([row.weight for row in rows], dtype=np.float32),
        np.array([row.time for row in rows], dtype=np.int64),
        values=np.array([row.value for row in rows], dtype=np.float32),
        kinds=[row.kind for row in rows],
    ).in_order()  # as the data set sorts: by time, then item
