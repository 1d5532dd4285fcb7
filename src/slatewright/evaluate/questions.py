"""The questions an evaluation asks: of whom, and what counts as right."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Mask
from slatewright.data.splits import Cases


@dataclass(frozen=True)
class Question:
    """One way to judge: ``right`` narrows the right items, ``who`` picks the users, bool (n,).

    Users without a right item are left out: no list could be right for them.
    """

    name: str
    meaning: str
    right: Callable[[Cases], Cases]
    who: Callable[[Cases], Mask]


def _new_and_hot(cases: Cases) -> Cases:
    return cases.new_only().hot_only()


def _known(cases: Cases) -> Mask:
    """Whose events the training part has; a line in a file of users makes nobody known."""
    return cases.trained & (cases.histories.lengths() > 0)


NEW_ITEMS = Question(
    "users with a new item",
    "Users known from training who took an item they had not had; right are those items, if training knew them.",
    _new_and_hot,
    _known,
)
STRANGERS = Question(
    "strangers",
    "Users of whom training has no event; right are all their items that training knew.",
    _new_and_hot,
    lambda cases: ~_known(cases),
)
EVERYONE = Question(
    "all test users",
    "Everybody, known or not; right is all they took, also what they had before and what training never saw.",
    lambda cases: cases,
    lambda cases: np.ones(len(cases), dtype=np.bool_),
)
QUESTIONS = (NEW_ITEMS, STRANGERS, EVERYONE)
