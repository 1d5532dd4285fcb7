"""What a learned score was taught: a ranker and the calibration of its marks for each objective."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Arrays, Frame, Scores
from slatewright.models.rankers.calibrating import AnyCalibration, Calibration, Steps
from slatewright.models.rankers.contracts import FittedRanker
from slatewright.models.rankers.kinds import ranker_of

CHANCES = pl.Schema({"name": pl.String, "kind": pl.String, "slope": pl.Float64, "offset": pl.Float64})


@dataclass(frozen=True)
class Chance:
    """How likely one thing becomes of a candidate."""

    ranker: FittedRanker
    calibration: AnyCalibration

    def of(self, values: Scores) -> Array:
        """The chance of each row, float64 (rows,)."""
        return self.calibration.chances(self.ranker.mark(values))


@dataclass(frozen=True)
class Taught:
    """``columns`` names what the rankers read; ``chances`` by the name of the objective. ``placed``: the last column is
    the place where an item was shown, 1 when serving. ``told`` says how it was learned, for the card."""

    columns: tuple[str, ...]
    sources: tuple[str, ...]
    chances: Mapping[str, Chance]
    placed: bool = False
    told: Mapping[str, int] = field(default_factory=dict)

    def arrays(self) -> Arrays:
        """The arrays of the rankers and of the steps of chances, for a bundle."""
        return {
            f"{at}/{name}": array
            for at, one in enumerate(self.chances.values())
            for name, array in {**one.ranker.arrays(), **_steps(one.calibration)}.items()
        }

    def tables(self) -> Mapping[str, Frame]:
        """The columns and the chances, for a bundle."""
        smooth = {name: _smooth(one.calibration) for name, one in self.chances.items()}
        rows = [(name, one.ranker.kind, smooth[name].slope, smooth[name].offset) for name, one in self.chances.items()]
        columns, sources = (
            pl.DataFrame({"name": names}, schema={"name": pl.String}) for names in (self.columns, self.sources)
        )
        return {
            "score_columns": columns,
            "score_sources": sources,
            "score_chances": pl.DataFrame(rows, schema=CHANCES, orient="row"),
        }

    @classmethod
    def from_bundle(cls, arrays: Arrays, tables: Mapping[str, Frame]) -> "Taught":
        """What was taught again; without rows of chances nothing was."""
        chances = {}
        for at, (name, kind, slope, offset) in enumerate(tables["score_chances"].iter_rows()):
            part = {key.split("/", 1)[1]: array for key, array in arrays.items() if key.startswith(f"{at}/")}
            smooth, marks, heights = (
                Calibration(slope, offset),
                part.pop(STEP_MARKS, None),
                part.pop(STEP_HEIGHTS, None),
            )
            steps = None if marks is None or heights is None else Steps(smooth, marks, heights)
            chances[name] = Chance(ranker_of(kind, part), steps or smooth)
        columns, sources = (tuple(tables[f"score_{name}"]["name"]) for name in ("columns", "sources"))
        return cls(columns, sources, chances, bool(columns) and columns[-1] == PLACE)


def _smooth(calibration: AnyCalibration) -> Calibration:
    return calibration.smooth if isinstance(calibration, Steps) else calibration


def _steps(calibration: AnyCalibration) -> Arrays:
    if not isinstance(calibration, Steps):
        return {}
    return {STEP_MARKS: calibration.marks, STEP_HEIGHTS: calibration.heights}


STEP_MARKS, STEP_HEIGHTS = "step_marks", "step_heights"
TABLES = ("score_columns", "score_sources", "score_chances")
PLACE = "place"  # the column of the place where an item was shown


def secant(calibration: AnyCalibration, marks: Array, base: float) -> tuple[Array, float]:
    """The chance of each mark less that of the base, per unit of mark, float64 (rows,), and the chance of the base."""
    start = float(calibration.chances(np.array([base]))[0])
    chances, above = calibration.chances(marks), marks - base
    near = np.abs(above) < 1e-9
    return np.where(near, calibration.steepness(marks), (chances - start) / np.where(near, 1.0, above)), start
