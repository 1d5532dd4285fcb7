"""How a fold came about: what it promises, and so what its audit holds it to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knobs, knobs_of


class Order(StrEnum):
    """What comes before what."""

    ALL = "all"  # every training event lies before every test event: as in life
    USER = "user"  # each user's own training events lie before the test events; other users' later ones are learned
    NONE = "none"  # time is not looked at


@dataclass(frozen=True, slots=True)
class Protocol:
    """The name of a split and its knobs, what ``order`` it keeps, and how many folds it makes.

    ``whole_maps``: the training part has an index for every item on purpose, also for those that are test alone.
    ``question``: what it answers, in words. ``negatives``: where it is above 0, right items are ranked among so many
    others, drawn as ``drawn`` says, instead of among all; such numbers compare with nothing else.
    """

    name: str
    question: str
    order: Order = Order.ALL
    knobs: Mapping[str, object] = field(default_factory=dict)
    whole_maps: bool = False
    negatives: int = 0
    drawn: str = ""

    def with_knobs(self, split: Knobs) -> "Protocol":
        """The same protocol, made by a split with these knobs."""
        knobs = {one.name: getattr(split, one.name) for one in knobs_of(type(split))}
        return replace(self, knobs=knobs)


CHECKS = ("time", "ids", "fitted", "sessions", "duplicates", "features", "k")  # what the audit looks at


def check_names(allowed: tuple[str, ...]) -> None:
    """Let names of checks pass.

    Raises:
        BadKnob: there is no such check.
    """
    for name in allowed:
        if name not in CHECKS:
            raise BadKnob(f"allow must be of the checks {', '.join(CHECKS)}, got {name!r}")


BY_HAND = Protocol("by hand", "a training part and cases that were put together by a program")
