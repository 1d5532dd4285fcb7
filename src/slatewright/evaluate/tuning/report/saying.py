"""A search in sentences."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from slatewright.data.report.wording import counted
from slatewright.evaluate.tuning.looking import TUNED, USUAL, Look
from slatewright.evaluate.tuning.ranges import Span
from slatewright.evaluate.tuning.trials import State
from slatewright.evaluate.tuning.tuned import Tuned
from slatewright.evaluate.wording import number, title
from slatewright.metrics.bootstrap import Interval

NEAR = 0.05  # of a range: a best value so near to an end says that the range may be too narrow
Verdict: TypeAlias = Literal["better", "worse", "unsure"]
VERDICTS: dict[Verdict, str] = {
    "better": "better for sure.",
    "unsure": "which may be chance.",
    "worse": "worse for sure. Leave the recipe as it is: what suits the validation part does not suit what came after.",
}
STATES: dict[State, str] = {
    "complete": "got to the end",
    "pruned": "given up early",
    "failed": "failed",
    "running": "stopped in the middle, to be taken up by the next run",
}


def sentences(tuned: Tuned, look: Look | None) -> Iterator[str]:
    """What to conclude, most important first."""
    yield _best(tuned)
    if look is not None:
        yield from _test(tuned, look)
    for name, end in at_the_end(tuned):
        yield f"{name} is best at the {end} of its range: a wider range may hold something better."
    yield f"{counted(len(tuned.trials), 'trial')}: {', '.join(_states(tuned))}."
    failed = next((trial for trial in tuned.trials if trial.state == "failed"), None)
    if failed is not None:
        yield f"The first that failed, trial {failed.number}: {failed.reason}."


def title_of(tuned: Tuned, at: int = 0) -> str:
    """``NDCG@20``."""
    return title(tuned.setup.objectives[at].name, tuned.setup.search.k)


def value(of: Interval) -> str:
    """``.0817 [.0772, .0861]``."""
    return f"{number(of.value)} [{number(of.low)}, {number(of.high)}]"


def at_the_end(tuned: Tuned) -> Iterator[tuple[str, str]]:
    """Knobs whose best value lies at an end of their range, and at which one."""
    if tuned.best.usual:
        return
    for name, one in tuned.setup.space.ranges.items():
        best = tuned.best.knobs[name]
        if isinstance(one, Span) and best is not None and one.high > one.low:
            share = one.share_of(best)
            if not NEAR <= share <= 1 - NEAR:
                yield name, "low end" if share < NEAR else "high end"


def _best(tuned: Tuned) -> str:
    best, first = tuned.best, tuned.trials[0]
    if best.usual:
        return f"By {title_of(tuned)} no trial was better than the estimator as it is, {number(best.values[0])}."
    before = f"; as it was: {number(first.values[0])}" if first.values else ""
    return f"Trial {best.number} is the best on validation data: {title_of(tuned)} {number(best.values[0])}{before}."


def verdict(tuned: Tuned, look: Look) -> Verdict:
    """Whether the best trial beats the estimator as it was on the test part, by the first objective."""
    gain = look.gain.get(tuned.setup.objectives[0].name)
    if gain is None or gain.low <= 0 <= gain.high:
        return "unsure"
    return "better" if (gain.low > 0) is tuned.setup.objectives[0].higher else "worse"


def _test(tuned: Tuned, look: Look) -> Iterator[str]:
    name = tuned.setup.objectives[0].name
    if name in look.gain:
        reached = f"{title_of(tuned)} {value(look.metrics[TUNED][name])}"
        before = f"as it was {value(look.metrics[USUAL][name])}; the difference is {value(look.gain[name])}"
        said = f"{reached}." if tuned.best.usual else f"{reached}, {before}, {VERDICTS[verdict(tuned, look)]}"
        yield f"On the test part ({counted(look.users, 'user')}): {said}"
    if look.nth == 1:
        yield "The test part was looked at once, now. Choosing by it again would make its number flatter."
    else:
        yield f"Look number {look.nth} at this test part: every look and choice after it makes the number flatter."


def _states(tuned: Tuned) -> Iterator[str]:
    for state, words in STATES.items():
        n = sum(trial.state == state for trial in tuned.trials)
        if n:
            yield f"{n} {words}"
