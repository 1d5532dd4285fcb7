"""A comparison in sentences: who is best, who is level with whom, who must not be shipped."""

from collections.abc import Iterator, Sequence

from slatewright.evaluate.comparing.comparison import Comparison, Difference
from slatewright.evaluate.evaluation import BASELINE
from slatewright.evaluate.wording import number, title

CORRECTED = {
    "holm": "Holm's correction: the chance of even one wrong verdict in the table stays below {rest:.0%}",
    "benjamini-hochberg": 'Benjamini and Hochberg\'s correction: of the verdicts "real" at most {rest:.0%} are wrong',
    "none": "no correction for many comparisons",
}


def sentences(found: Comparison) -> Iterator[str]:
    """What to conclude, most important first."""
    best, *others = found.names
    level = list(found.level_with(best))
    if not level and (len(others) > 1 or best == BASELINE):
        yield f"{best} is the best for sure: its lead over each of the others is real."
    if level:
        yield f"{best} stands first, but cannot be told apart from {listed(level)} on {found.users:,} users."
    behind = [name for name in found.names if name != BASELINE and not found.beats_popularity(name)]
    if behind:
        verb, pronoun = ("does", "it") if len(behind) == 1 else ("do", "them")
        yield f"{listed(behind)} {verb} not beat popularity for sure: do not ship {pronoun} for relevance."
    elif best != BASELINE:
        yield f"{best} beats popularity for sure." if len(others) == 1 else "All of them beat popularity for sure."


def behind_best(found: Comparison, name: str) -> tuple[str, str]:
    """How far one stands behind the best in the metric that orders the table, and how sure that is."""
    if name == found.names[0]:
        return "", ""
    one = found.of(name, found.names[0])
    return lead(one), verdict(one)


def lead(one: Difference) -> str:
    """``-.0123 [-.0160, -.0080]``."""
    return f"{number(one.lead.value)} [{number(one.lead.low)}, {number(one.lead.high)}]"


def verdict(one: Difference) -> str:
    """``.012``, the p-value of a real difference, or ``level``."""
    return chance(one.adjusted) if one.real else "level"


def chance(p: float) -> str:
    """``.012`` or ``< .001``."""
    return "< .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def legend(found: Comparison) -> str:
    """How the verdicts were reached."""
    rest = 1 - found.level
    return (
        f"In brackets: {found.level:.0%} bootstrap interval over users. Differences are paired: the same users. "
        f"p: {found.test} test, {CORRECTED[found.correction].format(rest=rest)}. Level: may be chance."
    )


def heading(found: Comparison) -> str:
    """``users with a new item (438), by NDCG@20``."""
    return f"{found.question} ({found.users:,}), by {title(found.metrics[0], found.k)}"


def listed(names: Sequence[str]) -> str:
    """``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
