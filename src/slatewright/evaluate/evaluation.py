"""What an evaluation found."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from slatewright.core.clock import iso
from slatewright.core.errors import NotThere
from slatewright.data.splits import BY_HAND, Protocol
from slatewright.evaluate.audit.finding import Finding
from slatewright.evaluate.clicked import Clicked
from slatewright.metrics.bootstrap import Interval

BASELINE = "popularity"


@dataclass(frozen=True, slots=True)
class Measured:
    """One recommender in one group: each metric, and by how much it leads popularity (a paired difference)."""

    name: str
    metrics: Mapping[str, Interval]
    lead: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Group:
    """One question: how many users it was asked of, and how everybody did; popularity comes first."""

    name: str
    meaning: str
    users: int
    measured: tuple[Measured, ...]

    def of(self, name: str) -> Measured:
        """One recommender's numbers.

        Raises:
            NotThere: no recommender of that name was judged.
        """
        for one in self.measured:
            if one.name == name:
                return one
        raise NotThere(f"{name!r} was not judged; these were: {', '.join(one.name for one in self.measured)}")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One question, by segments of users or of items (``of``) told apart by a fact; one group per segment."""

    by: str
    of: str
    question: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Lists of k, judged as of an instant; ``level`` is how often an interval holds the true value.

    ``protocol`` says how training and test part came about, ``audit`` what was checked of them. Where there are several
    ``folds``, the groups hold the numbers of all of them together, and ``as_of`` is that of the last one. ``clicks`` is
    what came of the slates that were really shown in the time of the test part, where a log tells. ``ratings`` holds
    the errors of the models that foretell ratings, where there are some.
    """

    k: int
    as_of: int
    data: str
    n_users: int
    n_items: int
    level: float
    groups: tuple[Group, ...]
    breakdowns: tuple[Breakdown, ...] = ()
    protocol: Protocol = BY_HAND
    audit: tuple[Finding, ...] = ()
    clicks: tuple[Clicked, ...] = ()
    ratings: Group | None = None
    folds: "tuple[Evaluation, ...]" = ()

    def group(self, name: str) -> Group:
        """One group by the name of its question.

        Raises:
            NotThere: nobody was in it, or there is no such question.
        """
        for one in self.groups:
            if one.name == name:
                return one
        raise NotThere(f"no users were judged in {name!r}; the groups are: {', '.join(g.name for g in self.groups)}")

    def by(self, fact: str) -> Breakdown:
        """One breakdown by the fact that tells its segments apart.

        Raises:
            NotThere: the evaluation was not broken down by that.
        """
        for one in self.breakdowns:
            if one.by == fact:
                return one
        raise NotThere(
            f"there is no breakdown by {fact!r}; there is one by: {', '.join(b.by for b in self.breakdowns)}"
        )

    def as_dict(self) -> dict[str, object]:
        """Plain data, ready for JSON."""
        folds = [fold.as_dict() for fold in self.folds]
        return {**asdict(replace(self, folds=())), "as_of": iso(self.as_of), "folds": folds}
