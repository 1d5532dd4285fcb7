"""A model of one's own keeps every promise of the contract, also the one that the page on adapters shows."""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar

import numpy as np
import pytest

from slatewright.core.arrays import Index, Scores
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.models import Brought
from slatewright.models.model import Estimator
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import two_tastes
from tests.docs.pages import ROOT, blocks


class Together(Brought):
    """How often items were taken by the same users, summed over the history."""

    shape: ClassVar[str] = "test_together"
    window: ClassVar[int] = 4

    def answer(self, history: Index) -> Scores:
        counts: Scores = self.learned["counts"][history].sum(axis=1)
        return counts


@dataclass(frozen=True)
class Counting:
    epochs: Annotated[int, Knob("nothing", least=1)] = 1

    def fit(self, dataset: Dataset) -> Together:
        taken = dataset.matrix().toarray() > 0
        counts = taken.T.astype(np.float32) @ taken
        return Together.of(dataset, {"counts": np.vstack([counts, np.zeros((1, counts.shape[1]), np.float32)])})


class TestCounting(EstimatorKit):
    estimator = Counting()


MODEL = Counting().fit(dataset_of(two_tastes()))


def test_only_the_window_is_shown() -> None:
    long, short = Histories.of([[7, 5, 0, 2, 4, 6]]), Histories.of([[0, 2, 4, 6]])
    np.testing.assert_array_equal(MODEL.score(long), MODEL.score(short))
    counts = MODEL.learned["counts"]
    np.testing.assert_array_equal(MODEL.score(short)[0], counts[0] + counts[2] + counts[4] + counts[6])


def test_the_reason_of_an_event_is_what_the_score_falls_by_without_it() -> None:
    parts = MODEL.reasons(Histories.of([[7, 5, 0, 2, 4, 6]]), 8)
    counts = MODEL.learned["counts"]
    assert parts.tolist() == [0, 0, *(counts[item, 8] for item in (0, 2, 4, 6))]


def test_similar_items_are_those_that_a_history_of_the_item_wants() -> None:
    items, scores = MODEL.similar(np.array([3], dtype=np.int32), 2)
    counts = np.delete(MODEL.learned["counts"][3], 3)
    assert scores[0].tolist() == sorted(counts.tolist(), reverse=True)[:2]
    assert 3 not in items


@dataclass(frozen=True)
class Wrong(Together):
    shape: ClassVar[str] = "test_wrong"

    def answer(self, history: Index) -> Scores:
        return self.learned["said"]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [(np.zeros((1, 3)), r"Wrong\.answer must give .* \(1, 24\), got \(1, 3\)"), (np.full((1, 24), np.nan), "finite")],
)
def test_an_answer_that_is_none_is_refused(said: Scores, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        Wrong(MODEL.known, {"said": said}).score(Histories.of([[1]]))


@cache
def _of_the_page() -> dict[str, Any]:
    """What the first two examples of the page define: the network in PyTorch and its two classes."""
    names: dict[str, Any] = {"__name__": "page"}
    for block in blocks(ROOT / "docs" / "adapters.md", "python")[:2]:
        exec(compile(block.text, block.page, "exec"), names)  # noqa: S102
    return names


class TestThePage(EstimatorKit):
    @property
    def estimator(self) -> Estimator:  # type: ignore[override]  # so that PyTorch is imported only when this runs
        made: Estimator = _of_the_page()["GRU"](epochs=1)
        return made


def test_the_way_into_the_house_is_short() -> None:
    lines = blocks(ROOT / "docs" / "adapters.md", "python")[1].text.partition("begins here.\n")[2].splitlines()
    assert sum(bool(line.strip()) for line in lines) < 30
