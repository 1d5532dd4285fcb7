"""What is kept of answers, a few people at a time."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from slatewright.core.arrays import Array, Index
from slatewright.data.histories import Histories
from slatewright.models import Model, Popularity
from slatewright.models.neural.export import judging
from slatewright.models.neural.export.judging import BEST, SEEN, Exam, Trial, parity_and_recall, spread
from slatewright.models.neural.export.shapes import Exported

from .worlds import town

SCORES = np.random.default_rng(0).random((7, 30), dtype=np.float32)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_ten_best_and_some_scores_are_kept_however_many_are_asked_at_once(rows: int, tmp_path: Path) -> None:
    exam = Exam(rows, 3, np.array([2, 29], dtype=np.int32))
    exam.save(tmp_path / "exam.npz")
    asked, sizes = {"at": np.arange(7 * rows)}, []

    def answer(block: Mapping[str, Array]) -> Mapping[str, Array]:
        sizes.append(len(block["at"]))
        said = SCORES[block["at"]] if rows == 1 else SCORES.ravel()[block["at"]]
        return {"vectors": np.zeros((len(said), 5)), "scores": said}

    kept = Exam.load(tmp_path / "exam.npz").of_graph(answer, asked)
    assert sizes == [3 * rows, 3 * rows, rows]
    np.testing.assert_array_equal(kept[SEEN], SCORES[:, [2, 29]])
    np.testing.assert_array_equal(kept[BEST], np.argsort(-SCORES, axis=1)[:, :10])
    assert (kept["vectors"].shape, kept["scores"].shape[0]) == ((0, 5), 0)


def test_parity_is_of_scores_and_recall_of_the_best() -> None:
    ours = {BEST: np.array([[0, 1], [2, 3]]), SEEN: np.array([[0.5], [1.0]])}
    theirs = {BEST: np.array([[1, 0], [3, 9]]), SEEN: np.array([[0.25], [1.5]])}
    assert parity_and_recall(ours, ours) == (0.0, 1.0)
    assert parity_and_recall(theirs, ours) == (0.5, 0.75)


def _popular() -> Model:
    return Popularity().fit(town())


def _made(asked: list[tuple[int, Index | None]], *, by_rows: bool) -> Exported:
    def ask(histories: Histories, items: Index | None) -> Mapping[str, Array]:
        asked.append((len(histories), items))
        return {}

    nothing: Any = None
    return Exported(nothing, ask, {}, 1, by_rows)


def test_of_a_large_catalogue_some_items_are_drawn_where_each_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in {"AMONG": 8, "ROWS": 40, "HELD": 16}.items():
        monkeypatch.setattr(judging, name, size)
    asked: list[tuple[int, Index | None]] = []
    model, made = _popular(), _made(asked, by_rows=True)
    trial, again = Trial.of(model, made), Trial.of(model, made)
    assert trial.among is not None
    assert again.among is not None
    np.testing.assert_array_equal(trial.among, again.among)
    assert len(set(trial.among.tolist())) == 8
    assert (trial.exam.rows, trial.exam.at_once) == (8, 2)
    trial.asked(made)
    assert asked[0][0] == 40 // 8 + 2
    np.testing.assert_array_equal(trial.of_model(model)[SEEN], model.score(trial.people, trial.among))


def test_a_graph_that_says_all_scores_is_asked_about_all_and_some_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "COMPARED", 5)
    monkeypatch.setattr(judging, "SCORES", 24 * 6)
    model = _popular()
    trial = Trial.of(model, _made([], by_rows=False))
    assert (trial.among, trial.exam.rows, len(trial.people)) == (None, 1, 6 + 2)
    np.testing.assert_array_equal(trial.of_model(model)[SEEN], model.score(trial.people)[:, trial.exam.compared])


def test_people_who_did_nothing_are_asked_for_too() -> None:
    assert (spread(_popular(), 3).lengths() == 0).tolist() == [False, False, False, True, True]
    assert len(spread(_popular(), 10**6)) == 60 + 2
