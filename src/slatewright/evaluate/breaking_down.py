"""An evaluation by segments: the same question asked of some users, and with only some items counting as right."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from slatewright.core.arrays import Mask
from slatewright.data.splits import Cases
from slatewright.evaluate.evaluation import Breakdown, Group
from slatewright.evaluate.grouping import group_of, measured_of
from slatewright.evaluate.judged import Asked, Judged
from slatewright.evaluate.per_user import accuracy_of
from slatewright.evaluate.questions import Question
from slatewright.evaluate.segments import By, Segment, item_segments, user_segments
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.metrics.exposure import exposure_of
from slatewright.metrics.ranking import PerUser

FOUND = (
    "recall",
    "ndcg",
    "hit_rate",
)  # metrics that ask for right items only: whether a place is wrong, no group can say


def breakdowns_of(judged: Judged, asked: Asked, by: By, bootstrap: Bootstrap) -> tuple[Breakdown, ...]:
    """One question broken down by each fact of users and of items.

    Raises:
        BadInput: no user, or no item, has such a fact.
    """
    question = asked.question
    users = [
        Breakdown(fact, "users", question.name, _users(judged, question, user_segments(fact, judged.cases), bootstrap))
        for fact in by.users
    ]
    items = [
        Breakdown(fact, "items", question.name, _items(judged, asked, item_segments(fact, judged.items), bootstrap))
        for fact in by.items
    ]
    return (*users, *items)


def _users(judged: Judged, question: Question, segments: list[Segment], bootstrap: Bootstrap) -> tuple[Group, ...]:
    meant = [Question(one.name, "", question.right, _both(question.who, one.members)) for one in segments]
    return tuple(group_of(judged, one, bootstrap) for one in map(judged.asked, meant) if one is not None)


def _both(who: Callable[[Cases], Mask], members: Mask) -> Callable[[Cases], Mask]:
    return lambda cases: who(cases) & members


def _items(judged: Judged, asked: Asked, segments: list[Segment], bootstrap: Bootstrap) -> tuple[Group, ...]:
    """What each segment of items gets of the places, and how much of what was right in it was found."""
    return tuple(_item_group(judged, asked, one, bootstrap) for one in segments)


def _item_group(judged: Judged, asked: Asked, segment: Segment, bootstrap: Bootstrap) -> Group:
    narrowed = _only(asked.cases, segment.members)
    wanted = np.flatnonzero(narrowed.n_relevant())
    right = narrowed.n_relevant().sum() / max(1, asked.cases.n_relevant().sum())
    meaning = f"{segment.members.mean():.0%} of items, {right:.0%} of what was taken"
    values = {name: _item_values(judged, name, asked, segment.members, narrowed) for name in judged.names}
    return Group(segment.name, meaning, len(wanted), measured_of(values, bootstrap))


def _item_values(judged: Judged, name: str, asked: Asked, members: Mask, narrowed: Cases) -> dict[str, PerUser]:
    """NaN for users who took nothing of the segment, but for exposure, which everybody's list has."""
    lists = judged.lists_for(name, asked)
    wanted = narrowed.n_relevant() > 0
    found = judged.found(name, replace(asked, cases=narrowed))[wanted]
    accuracy = accuracy_of(found, narrowed.take(np.flatnonzero(wanted)))
    values = {metric: np.full(len(wanted), np.nan) for metric in FOUND}
    for metric in FOUND:
        values[metric][wanted] = accuracy[metric]
    values["exposure"] = exposure_of(lists.items, lists.counts, members)
    return {metric: each for metric, each in values.items() if not np.isnan(each).all()}


def _only(cases: Cases, items: Mask) -> Cases:
    """The same cases with only these items counting as right."""
    return replace(replace(cases, hot=items).hot_only(), hot=cases.hot)
