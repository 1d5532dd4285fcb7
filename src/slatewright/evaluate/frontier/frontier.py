"""The numbers of a frontier: what each way to arrange gains and costs."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from slatewright.core.clock import iso
from slatewright.data.splits import BY_HAND, Protocol
from slatewright.evaluate.audit.finding import Finding
from slatewright.evaluate.wording import number, title
from slatewright.metrics.bootstrap import Interval
from slatewright.metrics.registry import MEANINGS

ACCURACY = "ndcg"
VARIETY = ("diversity", "taste_diversity", "coverage", "novelty", "miscalibration")
CHEAP = 0.02  # of the accuracy: what most shops would pay for variety


@dataclass(frozen=True, slots=True)
class Point:
    """One way to arrange: the ``family`` of orders, the ``setting`` of its knob, and what came of it."""

    name: str
    family: str
    setting: str
    metrics: Mapping[str, Interval]

    def gain(self, metric: str) -> float:
        """The value of a metric, turned round where lower is better."""
        value = self.metrics[metric].value
        return -value if MEANINGS[metric].better == "lower" else value


@dataclass(frozen=True, slots=True)
class Frontier:
    """Every way to arrange, judged by the same ``users``; the first one is the recipe as it is."""

    k: int
    as_of: int
    question: str
    users: int
    level: float
    points: tuple[Point, ...]
    protocol: Protocol = BY_HAND
    audit: tuple[Finding, ...] = ()

    @property
    def across(self) -> tuple[str, ...]:
        """The kinds of variety that are measured of every point, accuracy aside."""
        return tuple(metric for metric in VARIETY if all(metric in point.metrics for point in self.points))

    def front(self, metric: str) -> tuple[Point, ...]:
        """The points that no other beats in accuracy and in one kind of variety at once, the most accurate first."""
        ranked = sorted(self.points, key=lambda one: (-one.gain(ACCURACY), -one.gain(metric)))
        found: list[Point] = []
        for point in ranked:
            if not found or point.gain(metric) > found[-1].gain(metric):
                found.append(point)
        return tuple(found)

    def sentences(self) -> Iterator[str]:
        """What to conclude, one sentence for each kind of variety."""
        recipe = self.points[0]
        accuracy = title(ACCURACY, self.k)
        for metric in self.across:
            bound = (1 - CHEAP) * recipe.gain(ACCURACY)
            near = [point for point in self.points if point.gain(ACCURACY) >= bound]
            best = max(near, key=lambda one: (one.gain(metric), one.gain(ACCURACY)))
            name, before, after = title(metric, self.k), recipe.metrics[metric].value, best.metrics[metric].value
            if best.gain(metric) <= recipe.gain(metric):
                yield f"{name}: nothing brings more than the recipe's {number(before)} for {CHEAP:.0%} of {accuracy}."
            else:
                told = f"{number(best.metrics[ACCURACY].value)} instead of {number(recipe.metrics[ACCURACY].value)}"
                yield f"{name}: {best.name} brings {number(after)} instead of {number(before)}, at {accuracy} {told}."

    def as_dict(self) -> dict[str, object]:
        """Plain data, for JSON."""
        fronts = {metric: [point.name for point in self.front(metric)] for metric in self.across}
        return {
            "k": self.k,
            "as_of": iso(self.as_of),
            "question": self.question,
            "users": self.users,
            "level": self.level,
            "points": [asdict(point) for point in self.points],
            "fronts": fronts,
        }
