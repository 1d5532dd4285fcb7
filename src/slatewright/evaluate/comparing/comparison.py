"""What a comparison found."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from slatewright.core.clock import iso
from slatewright.core.errors import NotThere
from slatewright.data.splits import Protocol
from slatewright.evaluate.audit.finding import Finding
from slatewright.evaluate.evaluation import BASELINE, Measured
from slatewright.metrics.bootstrap import Interval


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much ``first`` leads ``second`` in one metric, on the same users.

    ``p`` is that of the paired test, ``adjusted`` the same after the correction for all comparisons of the table;
    ``real``: the adjusted p is below 1 minus the level.
    """

    metric: str
    first: str
    second: str
    lead: Interval
    p: float
    adjusted: float
    real: bool

    def seen_from(self, name: str) -> "Difference":
        """The same difference with ``name`` first."""
        if name == self.first:
            return self
        lead = Interval(-self.lead.value, -self.lead.high, -self.lead.low)
        return Difference(self.metric, self.second, self.first, lead, self.p, self.adjusted, self.real)


@dataclass(frozen=True)
class Comparison:
    """Recommenders judged on the same users, best first by the first of ``metrics``, popularity among them.

    ``differences`` hold every pair once for each of ``metrics``, the one that stands higher first.
    ``protocol`` says how training and test part came about, ``audit`` what was checked of them.
    """

    k: int
    as_of: int
    data: str
    question: str
    meaning: str
    users: int
    metrics: tuple[str, ...]
    level: float
    test: str
    correction: str
    contenders: tuple[Measured, ...]
    differences: tuple[Difference, ...]
    protocol: Protocol
    audit: tuple[Finding, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Best first."""
        return tuple(one.name for one in self.contenders)

    def of(self, first: str, second: str, metric: str | None = None) -> Difference:
        """One difference, seen from ``first``; by default in the metric that orders the table.

        Raises:
            NotThere: the two were not compared in this metric.
        """
        for one in self.differences:
            if {one.first, one.second} == {first, second} and one.metric == (metric or self.metrics[0]):
                return one.seen_from(first)
        raise NotThere(
            f"{first!r} and {second!r} were not compared in {metric or self.metrics[0]!r}; there are "
            f"{', '.join(self.names)} in {', '.join(self.metrics)}"
        )

    def beats_popularity(self, name: str) -> bool:
        """Whether its lead over popularity is real; False for popularity itself."""
        if name == BASELINE:
            return False
        over = self.of(name, BASELINE)
        return over.real and over.lead.value > 0

    def level_with(self, name: str) -> Iterator[str]:
        """The others whose difference to ``name`` is not real, best first."""
        return (other for other in self.names if other != name and not self.of(name, other).real)

    def as_dict(self) -> dict[str, object]:
        """Plain data, ready for JSON."""
        return {**asdict(self), "as_of": iso(self.as_of)}
