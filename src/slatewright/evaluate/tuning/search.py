"""How to search: how many trials, who proposes them, when a trial is given up."""

from dataclasses import dataclass
from typing import Annotated

from slatewright.core.knobs import Knob, check_knobs
from slatewright.evaluate.questions import NEW_ITEMS, QUESTIONS

SEEN_LATE = 4  # a trial is proposed, and given up, by what is known of all but this many trials right before it


@dataclass(frozen=True)
class Search:
    """The knobs of a search; equal knobs and data give equal trials, whoever of the workers is faster."""

    trials: Annotated[int, Knob("trials in all, those of an earlier run of this search too", least=1)] = 30
    minutes: Annotated[
        float | None, Knob("stop searching after so many minutes; the same search again goes on", above=0)
    ] = None
    sampler: Annotated[str, Knob("who proposes knobs", choices=("tpe", "random", "grid"))] = "tpe"
    pruning: Annotated[
        str, Knob("give up trials that fall behind", choices=("median", "halving", "hyperband", "none"))
    ] = "median"
    budget: Annotated[str, Knob("what trials get little of at first", choices=("auto", "epochs", "users", "full"))] = (
        "auto"
    )
    patience: Annotated[int, Knob("stop a trial after so many budgets in a row without improvement", least=1)] = 1
    workers: Annotated[int, Knob("processes that fit; 0: none of their own", least=0, most=64)] = 0
    k: Annotated[int, Knob("length of the lists that are judged", least=1)] = 20
    judged_users: Annotated[int | None, Knob("judge trials by so many validation users, drawn; none: all", least=1)] = (
        5000
    )
    question: Annotated[str, Knob("which users, and what is right", choices=tuple(one.name for one in QUESTIONS))] = (
        NEW_ITEMS.name
    )
    rng: Annotated[int, Knob("seed of the proposals, of the users judged and of the users trained on", least=0)] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def late(self) -> int:
        """How many trials before a trial it knows nothing of: they may run beside it."""
        return max(SEEN_LATE, self.workers)
