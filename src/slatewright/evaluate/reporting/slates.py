"""Slates side by side: what some people had, what each recommender offers them, what they then took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from slatewright.core.errors import BadInput, NotThere
from slatewright.data.splits import Cases
from slatewright.evaluate.judged import Asked, Judged

PLACES = 10  # of each slate that are shown; what is below them is counted
KEPT = 12  # things had before, the latest first, and things taken
LONGEST = 90  # letters of a title
MOST_USERS = 12  # slates are to be looked at
MANY = 0.1  # of the users, without a history: one of them is shown
LENGTHS = (("A short history", 0.1), ("A middling history", 0.5), ("A long history", 0.9))


@dataclass(frozen=True, slots=True)
class Thing:
    """One item by its title. ``hit``: offered and then taken; ``again``: taken, and had before."""

    title: str
    hit: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """The first places of one slate of ``length``; ``hits`` counts those of all places."""

    things: tuple[Thing, ...]
    length: int
    hits: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One person: what there was, the latest first (of ``n_had`` things), the slates by recommender, what was taken.

    ``unknown`` counts what was taken and is in no training event or fact: nobody could have offered it.
    """

    who: str
    had: tuple[Thing, ...]
    n_had: int
    offers: Mapping[str, Offer]
    taken: tuple[Thing, ...]
    n_taken: int
    unknown: int


def check_users(users: Sequence[str], cases: Cases) -> None:
    """Let users pass whose slates can be shown.

    Raises:
        NotThere: one did nothing in the test part.
        BadInput: there are too many.
    """
    if len(users) > MOST_USERS:
        raise BadInput(f"the slates of at most {MOST_USERS} users are shown side by side, got {len(users)}")
    known = set(cases.users.to_list()) if users else set()
    for user in users:
        if user not in known:
            raise NotThere(
                f"there is no test user {user!r}: slates are shown of users who did something in the test part, "
                f"{len(known):,} of them; without a user, three of different histories are chosen"
            )


def samples(judged: Judged, asked: Asked, users: Sequence[str] = ()) -> tuple[Sample, ...]:
    """The slates of ``users``, by their ids, or of three of a question, who are told apart by their histories alone.

    Raises:
        NotThere: one did nothing in the test part.
        BadInput: there are too many.
    """
    if not users:
        return tuple(_sample(judged, row, who) for who, row in _chosen(asked))
    check_users(users, judged.cases)
    rows = {user: row for row, user in enumerate(judged.cases.users.to_list())}
    return tuple(_sample(judged, rows[user], f"User {user}") for user in dict.fromkeys(users))


def _chosen(asked: Asked) -> list[tuple[str, int]]:
    """Rows of judged cases at three places of the order by history length, nobody twice; luck plays no part.

    Where more than a tenth have no history, one of them comes first.
    """
    lengths = asked.cases.histories.lengths()
    order = np.argsort(lengths, kind="stable")
    strangers, known = order[lengths[order] == 0], order[lengths[order] > 0]
    found = {int(asked.rows[strangers[0]]): "No history"} if len(strangers) > MANY * len(order) else {}
    for who, share in LENGTHS if len(known) else ():
        found.setdefault(int(asked.rows[known[int(share * (len(known) - 1))]]), who)
    return [(who, row) for row, who in found.items()]


def _sample(judged: Judged, row: int, who: str) -> Sample:
    cases = judged.cases
    had = list(dict.fromkeys(cases.histories.take(np.array([row], dtype=np.int32)).items[::-1].tolist()))
    taken = cases.relevant_of(row).tolist()
    shown = {name: lists.items[row, : lists.counts[row]].tolist() for name, lists in judged.lists.items()}
    offered = {item for items in shown.values() for item in items}
    first = sorted(taken, key=lambda item: (item not in offered, item in had))
    return Sample(
        who,
        tuple(Thing(_title(judged, item)) for item in had[:KEPT]),
        len(had),
        {name: _offer(judged, items, set(taken)) for name, items in shown.items()},
        tuple(Thing(_title(judged, item), item in offered, item in had) for item in first[:KEPT]),
        len(taken),
        int(cases.unknown[row]),
    )


def _offer(judged: Judged, items: Sequence[int], taken: set[int]) -> Offer:
    things = tuple(Thing(_title(judged, item), item in taken) for item in items[:PLACES])
    return Offer(things, len(items), sum(item in taken for item in items))


def _title(judged: Judged, item: int) -> str:
    """Titles come from the data: one of them may be a megabyte."""
    title = " ".join(judged.items.catalogue.title(item).split())
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"
