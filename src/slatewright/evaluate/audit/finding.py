"""What one check of the audit found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["passed", "warned", "allowed", "failed"]
SHOWN = 3  # examples in a message


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: how it ended, in which words, how many cases of it there are, some of them, and what to do.

    ``warned``: the protocol leaks so by construction, or it cannot be checked; ``allowed``: it would have failed, and
    somebody said that they know.
    """

    check: str
    outcome: Outcome
    reason: str
    count: int = 0
    examples: tuple[str, ...] = ()
    remedy: str = ""

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong that the protocol does not own up to."""
        return self.outcome in ("passed", "warned")

    def __str__(self) -> str:
        some = f" (for instance {', '.join(self.examples[:SHOWN])})" if self.examples else ""
        return f"{self.check}: {self.reason}{some}" + (f"; {self.remedy}" if self.remedy else "")


def audit_line(findings: Sequence[Finding]) -> str:
    """``audit: 7 checks passed``, or how many did and how many did not."""
    counts = {outcome: sum(one.outcome == outcome for one in findings) for outcome in ("warned", "allowed", "failed")}
    passed = len(findings) - sum(counts.values())
    parts = [f"{passed} check{'s' * (passed != 1)} passed"]
    words = {"warned": "with a warning", "allowed": "allowed by hand", "failed": "failed"}
    return "audit: " + ", ".join(
        parts + [f"{counts[outcome]} {word}" for outcome, word in words.items() if counts[outcome]]
    )
