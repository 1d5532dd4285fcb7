"""The audit: what runs with every evaluation, and fails it where what is judged could have been known before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from slatewright.core.errors import Leak
from slatewright.data.splits import Fold
from slatewright.data.splits.protocol import check_names
from slatewright.evaluate.audit.evidence import Evidence
from slatewright.evaluate.audit.finding import Finding
from slatewright.evaluate.audit.known import check_fitted, check_ids
from slatewright.evaluate.audit.length import check_k
from slatewright.evaluate.audit.overlaps import check_duplicates, check_sessions
from slatewright.evaluate.audit.times import check_features, check_time
from slatewright.evaluate.lists import Recommender

CHECKS: Mapping[str, Callable[[Evidence], Finding]] = {
    "time": check_time,
    "ids": check_ids,
    "fitted": check_fitted,
    "sessions": check_sessions,
    "duplicates": check_duplicates,
    "features": check_features,
    "k": check_k,
}


@dataclass(frozen=True)
class Audit:
    """How an evaluation is audited.

    ``allow`` names checks that may fail: the evaluation goes on, and says so. ``transforms`` are what else was fitted
    on data, by name: a fitted ``FactsModel``, or the ids of the rows that an encoder was fitted on.
    """

    allow: tuple[str, ...] = ()
    transforms: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_names(self.allow)

    def findings(
        self, fold: Fold, recommenders: Mapping[str, Recommender], k: int, *, ratings: bool = False
    ) -> tuple[Finding, ...]:
        """Run every check; nothing is raised. ``ratings``: what is asked for is what a user says of an item."""
        evidence = Evidence(fold, recommenders, k, self.transforms, ratings)
        found = (check(evidence) for check in CHECKS.values())
        return tuple(replace(one, outcome="allowed") if self._allows(one) else one for one in found)

    def check(
        self, fold: Fold, recommenders: Mapping[str, Recommender], k: int, *, ratings: bool = False
    ) -> tuple[Finding, ...]:
        """Run every check and let the evaluation go on only where none failed.

        Raises:
            Leak: a check failed that is not allowed to; the message says why, and what to do.
        """
        found = self.findings(fold, recommenders, k, ratings=ratings)
        if failed := [one for one in found if one.outcome == "failed"]:
            raise Leak(_message(failed))
        return found

    def _allows(self, found: Finding) -> bool:
        return found.outcome == "failed" and found.check in self.allow


def _message(failed: list[Finding]) -> str:
    names = [one.check for one in failed]
    told = "\n".join(f"  {one}" for one in failed)
    flags = " ".join(f"--allow {name}" for name in names)
    allowed = ", ".join(f'"{name}"' for name in names)
    return (
        f"the audit stopped this evaluation, {len(failed)} of {len(CHECKS)} checks failed:\n{told}\n"
        f"to judge all the same, and have the result say so: {flags}, or fold.allowing({allowed})"
    )
