"""What a learning curve says: over-fitting, under-fitting, too little data, and which knob to turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from slatewright.evaluate.diagnosis.curves import DATA, Curve, Point

# Which way a knob is turned to let a model learn more of the training data by heart: 1 up, -1 down.
FREEDOM: Mapping[str, int] = MappingProxyType(
    {
        "epochs": 1,
        "embedding_dim": 1,
        "n_neighbors": 1,
        "reg": -1,
        "user_reg": -1,
        "item_reg": -1,
        "bias_reg": -1,
        "link_reg": -1,
        "l1_reg": -1,
        "dropout": -1,
        "shrinkage": -1,
    }
)
SLIGHT = 0.01  # of the best value: who turns a knob for less?


class Fit(Enum):
    """How a model stands to its data."""

    OVER = "over-fitting"
    UNDER = "under-fitting"
    GOOD = "well fitted"
    ASIDE = "not at its best"
    HUNGRY = "more data would help"
    FED = "more data would not help"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``fit``, and what the curve ``told``; ``knobs`` to turn and which way (1 up, -1 down), the curve's own first."""

    fit: Fit
    told: str
    knobs: tuple[tuple[str, int], ...] = ()

    @property
    def sentence(self) -> str:
        """What the curve told, and every knob that answers it."""
        said = [f"{'raise' if turn > 0 else 'lower'} {name}" for name, turn in self.knobs]
        return f"{self.told} Turn: {', or '.join(said)}." if said else self.told

    @property
    def short(self) -> str:
        """``under-fitting: turn embedding_dim up``."""
        if not self.knobs:
            return self.fit.value
        name, way = self.knobs[0]
        return f"{self.fit.value}: turn {name} {'up' if way > 0 else 'down'}"


def verdict_of(curve: Curve) -> Verdict:
    """Read a curve: only differences that are sure, on the same users, and more than slight, count."""
    return _of_data(curve) if curve.over == DATA else _of_knob(curve)


def _of_data(curve: Curve) -> Verdict:
    metric, fewer = curve.metric.upper(), curve.behind[:-1]
    if curve.best == len(fewer) and fewer and all(one.low > 0 for one in fewer):
        return Verdict(
            Fit.HUNGRY,
            f"{metric} still gets better with the data: {curve.estimator} would gain from more users or a longer time.",
        )
    return Verdict(Fit.FED, f"{metric} no longer moves with the data: turn knobs, or give the model other facts.")


def _of_knob(curve: Curve) -> Verdict:
    """The curve is read toward more freedom: to the right for epochs, to the left for a penalty."""
    way = FREEDOM.get(curve.over, 1)
    points = curve.points if way > 0 else curve.points[::-1]
    standing, best = (at if way > 0 else len(points) - 1 - at for at in (curve.standing, curve.best))
    here, top = points[standing], points[best]
    lost = curve.behind[curve.standing]
    if curve.standing == curve.best or lost.low <= 0 or lost.value < SLIGHT * abs(top.unseen.value):
        return Verdict(Fit.GOOD, f"{curve.estimator} stands well at {curve.over} {curve.at:g}; {_told(curve, top)}.")
    if curve.over not in FREEDOM:
        turn = 1 if best > standing else -1
        said = f"{curve.estimator} is not at its best at {curve.over} {curve.at:g}: {_told(curve, top)}."
        return Verdict(Fit.ASIDE, said, ((curve.over, turn),))
    if best < standing:
        said = f"{curve.estimator} over-fits at {curve.over} {curve.at:g}: {_by_heart(curve, here, top)}"
        return Verdict(Fit.OVER, f"{said}; {_told(curve, top)}.", _turns(curve, -1))
    edge = " and may lie beyond" if best == len(points) - 1 else ""
    return Verdict(
        Fit.UNDER,
        f"{curve.estimator} under-fits at {curve.over} {curve.at:g}: {_told(curve, top)}{edge}.",
        _turns(curve, 1),
    )


def _by_heart(curve: Curve, here: Point, top: Point) -> str:
    """What freedom did to what was learned: most often that is known better, but not always."""
    numbers = f"{here.learned.value:.3f} against {top.learned.value:.3f}"
    if (here.learned.value - top.learned.value) * (1 if curve.higher_is_better else -1) > 0:
        return f"what it learned it knows ever better ({numbers}), what it did not it foretells worse"
    return f"what it did not learn it foretells worse, and what it learned it knows no better ({numbers})"


def _told(curve: Curve, top: Point) -> str:
    return f"the best {curve.metric.upper()} on unseen events, {top.unseen.value:.4f}, is at {curve.over} {top.value:g}"


def _turns(curve: Curve, way: int) -> tuple[tuple[str, int], ...]:
    """The knobs that this estimator has, the one of the curve first."""
    known = [name for name in FREEDOM if name in curve.knobs]
    known.sort(key=lambda name: name != curve.over)
    return tuple((name, way * FREEDOM[name]) for name in known)
