"""Update: new events are learned, older ones kept by replay, new ids answered, and forgetting told."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from slatewright.core.errors import BadInput, BadKnob
from slatewright.data.dataset import Dataset
from slatewright.models import GMF, MF, MLP, Model, NeuMF, Popularity, SASRec, Updating, update
from slatewright.models.neural.updating.lesson import Lesson
from slatewright.models.neural.updating.report import Judged
from slatewright.models.neural.updating.update import Updatable, _slower

from .worlds import SINCE, events, newcomers, older, recent, town, walks

DOT = MF(embedding_dim=8, epochs=30, batch_size=64, learning_rate=0.02)
BOTH = NeuMF(embedding_dim=8, layers=(8, 4), epochs=20, batch_size=64, learning_rate=0.02)
PAIRS = [
    DOT,
    GMF(embedding_dim=8, epochs=20, batch_size=64, learning_rate=0.02),
    MLP(layers=(8, 4), epochs=2, batch_size=64, learning_rate=0.02),
    BOTH,
]
WALK = SASRec(
    embedding_dim=16, n_blocks=1, longest_history=6, batch_size=16, epochs=20, n_negatives=64, dropout=0,
    learning_rate=0.02,
)  # fmt: skip
HARD = Updating(learning_rate=0.03, epochs=10, judged_share=0.5)
OLD, NEW = range(12), range(12, 32)  # the rings of the walks


def marks(judged: Judged) -> tuple[float, float]:
    """Before and after, where something was judged."""
    assert judged.before is not None
    assert judged.after is not None
    return judged.before, judged.after


@cache
def before() -> Dataset:
    return town(older())


@cache
def now() -> Dataset:
    return town(older(), recent())


@cache
def later() -> Dataset:
    """The older events and newcomers."""
    return town(older(), newcomers())


@cache
def fitted(estimator: Updatable) -> Model:
    """What the others learn on from."""
    return estimator.fit(walked(60) if isinstance(estimator, SASRec) else before())


@cache
def walked(n_users: int) -> Dataset:
    """So many users walk the older ring."""
    return town(walks(n_users, OLD, 7, 0))


@cache
def moved_on() -> Dataset:
    """Half of them go on to items that are new."""
    return town(walks(60, OLD, 7, 0), walks(30, NEW, 8, SINCE))


@pytest.mark.parametrize("estimator", [DOT, BOTH], ids=lambda one: type(one).__name__)
def test_a_shift_is_learned_and_replay_keeps_what_was(estimator: MF | NeuMF) -> None:
    model = fitted(estimator)
    alone, mixed = (
        update(estimator, model, now(), SINCE, replace(HARD, replay_share=share)).report for share in (0.0, 0.5)
    )
    assert alone.n_replayed == 0 < mixed.n_replayed <= mixed.n_recent
    (first, lost), (same, kept) = marks(alone.older), marks(mixed.older)
    assert first == same > 0.8
    for one in (alone, mixed):
        old, new = marks(one.newer)
        assert old < 0.2 < 0.3 < new
        assert one.older.n == one.newer.n == 40
    assert kept > lost + 0.1
    assert 0 < mixed.forgotten < alone.forgotten
    assert "of the older metric is lost: turn replay_share up" in str(alone)


def test_a_walk_into_new_items_is_learned_and_replay_keeps_the_older_walk() -> None:
    alone, mixed = (
        update(WALK, fitted(WALK), moved_on(), SINCE, replace(HARD, replay_share=share)).report for share in (0.0, 0.5)
    )
    assert alone.new_items == mixed.new_items == len(NEW)
    old, new = marks(mixed.newer)
    assert old < 0.3 < 0.6 < new
    assert min(marks(mixed.older)) > 0.8
    assert mixed.forgotten <= alone.forgotten


@pytest.mark.parametrize("estimator", PAIRS, ids=lambda one: type(one).__name__)
def test_a_gentle_update_stays_near_the_model(estimator: Updatable) -> None:
    model, histories = fitted(estimator), before().histories()
    whole = model.score(histories)
    updated = update(estimator, model, now(), SINCE, Updating(learning_rate=1e-6)).model
    np.testing.assert_allclose(updated.score(histories), whole, atol=0.02)
    assert type(updated) is type(model)
    np.testing.assert_array_equal(model.score(histories), whole)  # and the given model is what it was


def test_what_judged_is_learned_too_so_that_the_next_update_need_not() -> None:
    dataset, how = now(), replace(HARD, judged_share=0.9)
    updated = update(DOT, fitted(DOT), dataset, SINCE, how)
    judged = Lesson.of(dataset, SINCE, how.judged_share, np.random.default_rng(0)).newer
    assert updated.report.newer.n == len(judged.items)
    assert updated.report.n_recent == (dataset.interactions.time >= SINCE).sum()
    taught, after = judged.judged(updated.model.score), marks(updated.report.newer)[1]
    assert taught is not None
    assert taught > after + 0.05
    again = update(DOT, updated.model, dataset, 1 + int(dataset.interactions.time.max()), how)
    assert again.model is updated.model


def test_events_that_all_judge_are_learned_all_the_same() -> None:
    one = town(older(), events(np.array([5]), np.array([2]), np.array([SINCE])))
    updated = update(DOT, fitted(DOT), one, SINCE, Updating(judged_share=0.99))
    assert (updated.report.n_recent, updated.report.newer.n) == (1, 1)
    assert "1 recent events (1 after they had judged) and 1 older ones were learned" in str(updated.report)
    user, item = one.users.positions(["u005"]), one.items.positions(["i002"])
    histories = one.histories().take(user)
    assert updated.model.score(histories, item)[0, 0] != fitted(DOT).score(histories, item)[0, 0]


@pytest.mark.parametrize(
    ("estimator", "events_taught", "passes"),
    [(DOT, 64, 16), (DOT, 64 * 29 + 1, 10), (DOT, 64 * 300, 1), (BOTH, 1, 16), (WALK, 64, 1)],
)
def test_a_small_lesson_of_pairs_is_learned_in_several_passes(
    estimator: Updatable, events_taught: int, passes: int
) -> None:
    lesson = Lesson.of(town(older()), SINCE, 0.0, np.random.default_rng(0))
    taught = replace(lesson, recent=np.ones(events_taught, np.bool_), replayed=np.zeros(events_taught, np.bool_))
    assert _slower(estimator, Updating(), taught).epochs == passes
    assert _slower(estimator, Updating(epochs=3), taught).epochs == 3


def test_new_ids_are_answered() -> None:
    updated = update(DOT, fitted(DOT), later(), SINCE)
    assert (updated.report.new_users, updated.report.new_items) == (1, 1)
    assert "users that are new: 1, items: 1." in str(updated.report)
    taste = updated.model.recommend(["u990"], 4)["item_id"].str.slice(1).cast(int).to_numpy() % 4
    assert (taste == 0).mean() > 0.7
    scores = updated.model.score(later().histories())[:, later().items.find("i991")]
    users = later().users.names.str.slice(1).cast(int).to_numpy()
    assert scores[users % 4 == 1].mean() > scores[users % 4 != 1].mean() + 1


@pytest.mark.parametrize(("estimator", "same"), [(DOT, before), (WALK, lambda: walked(60))], ids=["MF", "SASRec"])
def test_without_recent_events_the_model_is_the_same(estimator: Updatable, same: object) -> None:
    updated = update(estimator, fitted(estimator), same(), SINCE)  # type: ignore[operator]
    assert updated.model is fitted(estimator)
    assert updated.report.older.before == updated.report.older.after
    assert updated.report.newer.before is updated.report.newer.after is None
    assert updated.report.forgotten == 0


@pytest.mark.parametrize(("estimator", "data"), [(BOTH, now), (WALK, moved_on)], ids=["NeuMF", "SASRec"])
def test_equal_seeds_give_equal_models(estimator: Updatable, data: object) -> None:
    dataset: Dataset = data()  # type: ignore[operator]
    first, again, other = (
        update(estimator, fitted(estimator), dataset, SINCE, Updating(rng=seed)).model for seed in (1, 1, 2)
    )
    for name, array in first.arrays().items():
        np.testing.assert_array_equal(array, again.arrays()[name], err_msg=name)
    histories = dataset.histories()
    assert not np.array_equal(first.score(histories), other.score(histories))


def test_what_cannot_be_updated_is_refused() -> None:
    popular = Popularity().fit(before())
    with pytest.raises(BadInput, match=r"update goes on from models of MF.*got Popularity and ItemScores: fit again"):
        update(Popularity(), popular, now(), SINCE)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="got MF and ItemScores"):
        update(DOT, popular, now(), SINCE)
    with pytest.raises(BadInput, match="must have items that the model knows, got none among 14"):
        update(DOT, fitted(DOT), town(events(np.zeros(14, dtype=int), np.arange(14) + 500, np.arange(14))), SINCE)
    with pytest.raises(BadKnob, match=r"Updating\.replay_share must be < 1, got 1"):
        Updating(replay_share=1)


@pytest.mark.parametrize(
    ("estimator", "model"),
    [
        (GMF(embedding_dim=8), DOT),
        (MF(embedding_dim=9), DOT),
        (MF(embedding_dim=7), PAIRS[1]),
        (MLP(layers=(8, 4)), BOTH),
    ],
    ids=["GMF of MF", "size", "MF of GMF", "MLP of NeuMF"],
)
def test_the_estimator_must_be_the_one_that_fitted(estimator: Updatable, model: Updatable) -> None:
    with pytest.raises(BadInput, match=r"learns on only from a model of .* with the same sizes"):
        update(estimator, fitted(model), now(), SINCE)


def test_a_walk_of_other_sizes_is_refused() -> None:
    with pytest.raises(BadInput, match="SASRec learns on only from a model of the same sizes"):
        update(SASRec(embedding_dim=8), fitted(WALK), moved_on(), SINCE)
