"""What an update did: how well older and newer events are found, before and after."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from slatewright.core.arrays import Scores
from slatewright.data.histories import Histories
from slatewright.models.neural.sequences.held_out import HeldOut

FORGOTTEN = 0.1  # a loss of more than this share of the older metric is remarked

Score = Callable[[Histories], Scores]


@dataclass(frozen=True, slots=True)
class Judged:
    """NDCG@10 of ``n`` events that the update had not learned from; None where there were none."""

    before: float | None
    after: float | None
    n: int

    @classmethod
    def of(cls, held_out: HeldOut, before: Score, after: Score) -> Self:
        """By the scores of both models, see ``HeldOut.judged``."""
        return cls(held_out.judged(before), held_out.judged(after), len(held_out.items))

    def row(self, name: str) -> str:
        """A line of a table."""
        before, after = ("-" if one is None else f"{one:.3f}" for one in (self.before, self.after))
        return f"{name:<8} {before:>7} {after:>7} {self.n:>7}"


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """``older`` and ``newer`` events by how well they are found; what was learned; ids and values of facts that the
    model did not know."""

    older: Judged
    newer: Judged
    n_recent: int
    n_replayed: int
    new_users: int
    new_items: int
    new_values: int = 0

    @property
    def forgotten(self) -> float:
        """The share of the older metric that was lost; 0 where it rose or nothing was held out."""
        if not self.older.before or self.older.after is None:
            return 0.0
        return max(0.0, 1 - self.older.after / self.older.before)

    @property
    def same(self) -> bool:
        """Whether some events were judged and all are found exactly as before."""
        judged = [one for one in (self.older, self.newer) if one.n]
        return bool(judged) and all(one.before == one.after for one in judged)

    def __str__(self) -> str:
        told = (
            f"{self.n_recent} recent events{f' ({self.newer.n} after they had judged)' if self.newer.n else ''} "
            f"and {self.n_replayed} older ones were learned; "
            f"users that are new: {self.new_users}, items: {self.new_items}"
            f"{f', values of facts: {self.new_values}' if self.new_values else ''}."
        )
        lines = [told, "NDCG@10   before   after  events", self.older.row("older"), self.newer.row("newer")]
        if self.forgotten > FORGOTTEN:
            lines.append(
                f"{self.forgotten:.0%} of the older metric is lost: "
                "turn replay_share up, or learning_rate or epochs down."
            )
        if self.same:
            lines.append("Nothing that is judged moved: turn epochs or learning_rate up.")
        return "\n".join(lines)
