"""A diagnosis in sentences: the knob to turn, who is served badly, what is not found, what the data hardly says."""

from collections.abc import Iterator, Sequence

from slatewright.data.report.wording import counted
from slatewright.evaluate.comparing.saying import listed
from slatewright.evaluate.diagnosis.curves import DATA
from slatewright.evaluate.diagnosis.diagnosis import Diagnosis, RatingsDiagnosis, Reading
from slatewright.evaluate.diagnosis.imbalance import sentences as of_classes
from slatewright.evaluate.diagnosis.residuals import Bias, furthest_off
from slatewright.evaluate.diagnosis.slicing import Slice, worst
from slatewright.evaluate.diagnosis.verdict import Fit
from slatewright.evaluate.provenance import known
from slatewright.evaluate.wording import number

NAMED = 3  # groups that are named in a sentence
LEGEND = (
    "Lost: what a group would gain in sum if it fared as all others. Differences are sure at 95 %, errors those of "
    "users, all groups corrected for together (Benjamini and Hochberg). Learning curves: the same users at every point."
)


def heading(found: Diagnosis) -> str:
    """``taste (ALS): under-fitting: turn embedding_dim up``."""
    return f"{found.name} ({found.estimator}): {found.verdict}"


def about(found: Diagnosis) -> str:
    """On whom it was tried."""
    ndcg = f"NDCG@{found.k} {number(found.ndcg)}"
    return f"{known(found)}; {found.question}: {found.users:,}, {ndcg}."


def sentences(found: Diagnosis) -> Iterator[str]:
    """What to conclude, most important first."""
    level = [one.curve.over for one in found.readings if one.verdict.fit is Fit.GOOD]
    astray = [one.verdict for one in ordered(found) if one.verdict.knobs]
    yield from (
        one.told if at else one.sentence for at, one in enumerate(astray)
    )  # the first advice is the one to take
    if level:
        yield f"It stands well by {listed(level)}: no other value is clearly better."
    yield from (one.verdict.sentence for one in found.readings if one.curve.over == DATA)
    yield from _badly_served(found.user_groups, "users", f"NDCG@{found.k}", "served")
    yield from _badly_served(found.item_groups, "right items", "found", "found")
    if found.ratings is not None:
        yield from _biased(found.ratings)
    yield from of_classes(found.imbalance)


def ordered(found: Diagnosis) -> list[Reading]:
    """The curves from which most is to be gained first, that of the data last."""
    return sorted(found.readings, key=lambda one: (one.curve.over == DATA, not one.verdict.knobs, -one.gain.value))


def _badly_served(groups: Sequence[Slice], of: str, what: str, done: str) -> Iterator[str]:
    named = worst(groups, sure=True)[:NAMED]
    if not named:
        yield f"No group of {of} is {done} worse than the others for sure."
    for one in named:
        told = f"{one.rows:,} {of}, {what} {number(one.mean)}, all others {number(one.others)}"
        yield f"Badly {done}: {one.name} ({told})."


def _biased(found: RatingsDiagnosis) -> Iterator[str]:
    way = "low" if found.residual > 0 else "high"
    off = f"foretold {abs(found.residual):.2f} too {way} on average"
    yield f"RMSE {found.rmse:.3f} on {counted(found.ratings, 'rating')}, {off}."
    under = furthest_off(found.biases, under_served=True)[:NAMED]
    if not under:
        yield "No group of ratings is foretold both with a bias and worse than the others for sure."
    yield from (f"Under-served: {bias(one)}, RMSE {one.rmse:.3f} (all others {one.others_rmse:.3f})." for one in under)


def bias(one: Bias) -> str:
    """``shelf: wine, 0.41 too high for 1,200 ratings``."""
    off = one.residual.value
    way = "too high" if off < 0 else "too low"
    return f"{one.group.name} is foretold {abs(off):.2f} {way} ({counted(one.group.rows, 'rating')})"
