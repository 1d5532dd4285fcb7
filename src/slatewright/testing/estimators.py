"""The conformance kit of an estimator: ``class TestMine(EstimatorKit): estimator = Mine()`` is the whole test."""

import sys
from dataclasses import fields, replace
from functools import cache
from inspect import CO_GENERATOR
from types import FrameType
from typing import Any, ClassVar

import numpy as np
import polars as pl
import pytest

from slatewright.core.arrays import Scores
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.errors import BadInput, BadKnob, SlatewrightError
from slatewright.core.knobs import knobs_of
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.models.kinds import kind_of
from slatewright.models.model import Estimator, Model, learned_by
from slatewright.testing.glossary import KNOB_WORDS
from slatewright.testing.hard_worlds import HARD_WORLDS
from slatewright.testing.worlds import START, two_tastes

AS_OF = START + 40 * MICROSECONDS_PER_DAY
FOREIGN = ("threading", "concurrent", "queue", "weakref", "_weakref")  # modules


@cache
def _town() -> Dataset:
    return dataset_of(two_tastes(), as_of=AS_OF, item_facts=pl.DataFrame({"item_id": ["never-bought"], "price": [1.0]}))


@cache
def _fitted(estimator: Estimator) -> Model:
    return estimator.fit(_town())


class EstimatorKit:
    """Set ``estimator``; every promise of the model contract is then a test."""

    estimator: ClassVar[Estimator]

    @property
    def model(self) -> Model:
        return _fitted(self.estimator)  # type: ignore[arg-type]  # frozen dataclasses are hashable

    def scores(self) -> Scores:
        return self.model.score(_town().histories())

    def test_knobs_are_frozen_and_use_the_words_of_the_glossary(self) -> None:
        names = {knob.name for knob in knobs_of(type(self.estimator))}
        assert names == {field.name for field in fields(self.estimator)}, "every field is a knob with a doc"  # type: ignore[arg-type]
        assert names <= KNOB_WORDS, f"not in slatewright.testing.glossary: {sorted(names - KNOB_WORDS)}"
        assert self.estimator.__dataclass_params__.frozen  # type: ignore[attr-defined]

    def test_scores_have_a_row_per_history_and_a_column_per_item(self) -> None:
        scores = self.scores()
        assert scores.shape == (_town().n_users, _town().n_items)
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()

    def test_scores_of_some_items_are_columns_of_the_scores_of_all(self) -> None:
        items = np.array([5, 0, 3], dtype=np.int32)
        some = self.model.score(_town().histories(), items)
        np.testing.assert_allclose(some, self.scores()[:, items], rtol=1e-4, atol=1e-5)

    def test_a_batch_scores_as_its_members_do_alone(self) -> None:
        histories = _town().histories()
        alone = [self.model.score(histories.take(np.array([u], np.int32)))[0] for u in range(len(histories))]
        np.testing.assert_allclose(np.stack(alone), self.scores(), rtol=1e-4, atol=1e-5)

    def test_nothing_to_score_gives_no_rows(self) -> None:
        assert self.model.score(Histories.of([])).shape == (0, _town().n_items)

    def test_fitting_again_gives_the_same_model(self) -> None:
        again = self.estimator.fit(_town()).arrays()
        for name, array in self.model.arrays().items():
            np.testing.assert_array_equal(again[name], array, err_msg=name)

    def test_nothing_at_or_after_as_of_is_seen(self) -> None:
        early = two_tastes().filter(pl.col("time") < AS_OF)
        facts = pl.DataFrame({"item_id": ["never-bought"], "price": [1.0]})
        fitted = self.estimator.fit(dataset_of(early, as_of=AS_OF, item_facts=facts)).arrays()
        for name, array in self.model.arrays().items():
            np.testing.assert_array_equal(fitted[name], array, err_msg=name)

    def test_arrays_bring_the_model_back(self) -> None:
        arrays = {name: np.array(array) for name, array in self.model.arrays().items()}
        for array in arrays.values():
            assert array.dtype != object
            array.flags.writeable = False  # as a memory map of a bundle is
        back = kind_of(self.model.shape, learned_by(self.estimator)).from_arrays(arrays, self.model.known)
        assert type(back) is type(self.model)
        np.testing.assert_array_equal(back.score(_town().histories()), self.scores())

    def test_recommends_the_best_unseen_items_in_order(self) -> None:
        town = _town()
        answer = self.model.recommend(list(town.users), 5)
        assert answer.columns == ["user_id", "item_id", "score", "rank"]
        scores = self.scores()
        for user, rows in enumerate(answer.partition_by("user_id", maintain_order=True)):
            seen = set(town.histories().items_of(user).tolist())
            order = [i for i in np.lexsort((np.arange(town.n_items), -scores[user])).tolist() if i not in seen][:5]
            values = rows["score"].to_numpy()
            np.testing.assert_allclose(values, scores[user][order], rtol=1e-4, atol=1e-5)
            assert not seen & set(town.items.locate(rows["item_id"])[0].tolist())
            assert rows["item_id"].n_unique() == 5
            assert rows["rank"].to_list() == [1, 2, 3, 4, 5]

    def test_an_unknown_user_gets_the_answer_of_an_empty_history(self) -> None:
        answer = self.model.recommend(["nobody"], 3)
        scores = self.model.score(Histories.of([[]]))[0]
        assert answer["user_id"].to_list() == ["nobody"] * 3
        np.testing.assert_allclose(answer["score"].to_numpy(), np.sort(scores)[::-1][:3], rtol=1e-4, atol=1e-6)

    def test_fewer_items_left_than_asked_gives_all_that_are_left(self) -> None:
        town = _town()
        user = town.users.name(0)
        unseen = town.n_items - len(set(town.histories().items_of(0).tolist()))
        assert self.model.recommend([user], 10**9).height == unseen
        assert self.model.recommend([user], 10**9, filter_seen=False).height == town.n_items
        assert self.model.recommend([user], 3, candidates=[]).height == 0

    def test_candidates_and_exclude_are_kept(self) -> None:
        answer = self.model.recommend(["u000", "u001"], 9, candidates=["i004", "i003", "?"], filter_seen=False)
        assert set(answer["item_id"]) == {"i003", "i004"}
        assert answer.height == 4
        answer = self.model.recommend(["u000"], 9, candidates=["i004", "i003"], exclude=["i004"], filter_seen=False)
        assert answer["item_id"].to_list() == ["i003"]

    @pytest.mark.parametrize("k", [0, -1])
    def test_k_below_one_is_refused(self, k: int) -> None:
        with pytest.raises(BadKnob, match=f"k must be a whole number >= 1, got {k}"):
            self.model.recommend(["u000"], k)

    def test_similar_items_leave_the_item_itself_out(self) -> None:
        items = np.array([2, 7], dtype=np.int32)
        others, scores = self.model.similar(items, 10**6)
        assert others.shape == scores.shape == (2, _town().n_items - 1)
        for item, row, marks in zip(items, others, scores, strict=True):
            assert sorted([*row.tolist(), int(item)]) == list(range(_town().n_items))
            assert (np.diff(marks) <= 0).all()

    def test_reasons_have_a_number_per_event(self) -> None:
        history = _town().histories().take(np.array([0], dtype=np.int32))
        parts = self.model.reasons(history, 4)
        assert parts.shape == (len(history.items),)
        assert parts.dtype == np.float32
        assert np.isfinite(parts).all()
        assert self.model.reasons(Histories.of([[]]), 4).shape == (0,)

    @pytest.mark.parametrize("index", [-1, 10**6])
    def test_an_item_that_is_not_there_is_refused(self, index: int) -> None:
        strange = np.array([index], dtype=np.int32)
        with pytest.raises(BadInput, match="item indices must be from 0 to"):
            self.model.score(Histories.of([strange]))
        with pytest.raises(BadInput, match="item indices must be from 0 to"):
            self.model.score(_town().histories(), strange)
        with pytest.raises(BadInput, match="item indices must be from 0 to"):
            self.model.best(Histories.of([strange]), 3)

    @pytest.mark.parametrize("name", HARD_WORLDS)
    def test_hard_data_gives_a_clear_error_or_a_finite_model(self, name: str) -> None:
        _check_hard(self.estimator, HARD_WORLDS[name]())

    def test_more_dimensions_than_the_data_has_are_survived(self) -> None:
        dims = {"embedding_dim": 48} if hasattr(self.estimator, "embedding_dim") else {}
        wide: Any = replace(self.estimator, **dims)  # type: ignore[type-var]
        _check_hard(wide, HARD_WORLDS["a user and an item without events"]())

    def test_an_interrupted_fit_leaves_nothing_broken(self) -> None:
        expected = self.model.arrays()
        calls = _calls_of_a_fit(self.estimator)
        interrupted = [_is_interrupted(self.estimator, int(share * calls)) for share in (0.3, 0.6, 0.9)]
        assert any(interrupted)
        for name, array in self.estimator.fit(_town()).arrays().items():
            np.testing.assert_array_equal(array, expected[name], err_msg=name)


def _check_hard(estimator: Estimator, dataset: Dataset) -> None:
    """Fit hard data: an error of ours that says something, or finite answers to whatever is asked."""
    try:
        model = estimator.fit(dataset)
    except SlatewrightError:
        return
    n_items = dataset.n_items
    for histories in (dataset.histories(), Histories.of([[]]), Histories.of([list(range(n_items))])):
        scores = model.score(histories)
        assert scores.shape == (len(histories), n_items)
        assert np.isfinite(scores).all()
        assert np.isfinite(model.best(histories, 3).scores[:, : min(3, n_items)]).all()
    for name, array in model.arrays().items():
        assert array.dtype.kind != "f" or not np.isnan(array).any(), name
    if n_items:
        others, likeness = model.similar(np.array([0], dtype=np.int32), 2)
        assert others.shape == (1, min(2, n_items - 1))
        assert np.isfinite(likeness).all()
        assert np.isfinite(model.reasons(Histories.of([[0]]), 0)).all()


def _is_ours(frame: FrameType, event: str) -> bool:
    """Whether a function of a package under test is being called.

    Only there is Ctrl-C pressed: inside Python's own `Condition` and `Future` an interrupt may fall between taking a
    lock and letting it go, and then the kit would hang on a fault that is not the estimator's. A generator that nobody
    reads to its end is called once more when it is thrown away, as are the watchers of a weak reference: there Python
    prints an interrupt and goes on.
    """
    if event != "call" or frame.f_code.co_flags & CO_GENERATOR:
        return False
    return not frame.f_globals.get("__name__", "").startswith(FOREIGN)


def _calls_of_a_fit(estimator: Estimator) -> int:
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += _is_ours(frame, event)

    sys.setprofile(count)
    try:
        estimator.fit(_town())
    finally:
        sys.setprofile(None)
    return calls


def _is_interrupted(estimator: Estimator, after: int) -> bool:
    """Fit, and press Ctrl-C at the given call of a Python function; False where the fit was over before."""
    calls = 0

    def press(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        ours = _is_ours(frame, event)
        calls += ours
        if ours and calls == after:
            raise KeyboardInterrupt

    sys.setprofile(press)
    try:
        estimator.fit(_town())
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(None)
    return False
