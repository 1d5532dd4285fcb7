"""What people of the same kind take."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import Popularity, SegmentPopularity
from slatewright.models.costs import FLOPS, Size
from slatewright.models.shapes.segment_scores import SegmentScores
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import START, two_tastes

from .planted import planted


class TestSegmentPopularity(EstimatorKit):
    estimator = SegmentPopularity()


class TestOneTreeOfTwo(EstimatorKit):
    estimator = SegmentPopularity(n_segments=2, method="hierarchical", shrinkage=0.0, half_life_days=20.0, most_items=5)


class TestByFactsThatNobodyHas(EstimatorKit):
    estimator = SegmentPopularity(by="facts", rng=3)


class TestByBoth(EstimatorKit):
    estimator = SegmentPopularity(n_segments=40, by="both", embedding_dim=100)


def test_shares_by_hand() -> None:
    # two users take a twice and b once each, one user takes c four times
    rows = [("u", "a"), ("u", "a"), ("u", "b"), ("v", "a"), ("v", "a"), ("v", "b"), *[("w", "c")] * 4]
    dataset = dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id"], orient="row"))
    model = SegmentPopularity(n_segments=2, shrinkage=5.0, embedding_dim=2).fit(dataset)
    everybody = np.array([0.4, 0.2, 0.4])
    shares = np.stack(
        [(np.array([4, 2, 0]) + 5 * everybody) / (6 + 5), (np.array([0, 0, 4]) + 5 * everybody) / (4 + 5)]
    )
    for history, said in (([0], shares[:, 0] / 0.4), ([0, 0, 2], shares[:, 0] / 0.4 * shares[:, 2] / 0.4)):
        chance = np.array([2 / 3, 1 / 3]) * said ** (1 / (2 * len(set(history)) ** 0.5))
        chance /= chance.sum()
        np.testing.assert_allclose(model.membership(Histories.of([history]))[0], chance, rtol=1e-5)
        np.testing.assert_allclose(model.score(Histories.of([history]))[0], chance @ shares, rtol=1e-5)
    np.testing.assert_allclose(model.score(Histories.of([[]]))[0], everybody, rtol=1e-6)


def test_shares_of_a_segment_sum_to_one_and_the_rare_items_keep_everybodys() -> None:
    dataset, _ = planted()
    whole = SegmentPopularity(n_segments=4, shrinkage=50.0).fit(dataset)
    cut = SegmentPopularity(n_segments=4, shrinkage=50.0, most_items=10).fit(dataset)
    histories = dataset.histories().take(np.array([3, 200], dtype=np.int32))
    np.testing.assert_allclose(whole.score(histories).sum(axis=1), 1, rtol=1e-5)
    assert np.diff(cut.offsets).tolist() == [10] * 4
    for segment in range(4):
        kept, most = (model.shares[model.offsets[segment] : model.offsets[segment + 1]] for model in (cut, whole))
        np.testing.assert_array_equal(np.sort(kept), np.sort(most)[-10:])


def test_old_events_count_less() -> None:
    rows = {"user_id": ["u", "u"], "item_id": ["old", "new"], "time": [START, START + 10 * MICROSECONDS_PER_DAY]}
    model = SegmentPopularity(half_life_days=10.0).fit(dataset_of(pl.DataFrame(rows)))
    new, old = model.score(Histories.of([[]]))[0]  # in order of index
    assert new / old == pytest.approx(2, rel=1e-4)


def test_a_visitor_gets_what_the_own_kind_takes() -> None:
    dataset = dataset_of(two_tastes())
    best = SegmentPopularity(n_segments=2).fit(dataset).best(Histories.of([[0], [1]]), 5)
    taste = np.array([int(name[1:]) % 2 for name in dataset.items])
    assert taste[best.items].tolist() == [[0] * 5, [1] * 5]


def gardener_without_events(model: SegmentScores) -> Histories:
    return model.known.histories.one(model.known.users.find("v0") or 0)


def test_facts_alone_are_enough() -> None:
    dataset, _ = planted()
    model = SegmentPopularity(n_segments=4).fit(dataset)
    history = gardener_without_events(model)
    assert len(history.items) == 0
    belongs = model.membership(history)
    assert belongs.sum() == pytest.approx(1)
    best = dataset.items.names_of(model.best(history, 5).items[0])
    assert all(30 <= int(name[1:]) < 60 for name in best)  # the shelf of gardeners
    nobody = model.known.histories.one(model.known.users.find("v1") or 0)
    popular = Popularity().fit(dataset).best(Histories.of([[]]), 5)
    np.testing.assert_array_equal(model.best(nobody, 5).items, popular.items)


def test_unknown_words_and_absent_facts_are_survived() -> None:
    dataset, _ = planted()
    model = SegmentPopularity(n_segments=4).fit(dataset)
    for facts in ({"street": ["moon"]}, {"age": [31.0]}, {"shoe": [44]}):
        scores = model.score(Histories.of([[]], facts=pl.DataFrame(facts)))
        assert np.isfinite(scores).all()


def test_a_history_says_more_than_facts_unless_facts_come_first() -> None:
    dataset, _ = planted()
    tea = [name for name in dataset.items if int(name[1:]) < 30][:20]
    history = Histories.of([dataset.items.locate(tea)[0]], facts=pl.DataFrame({"street": ["garden"], "age": [30.0]}))
    for by, shelf in (("history", 0), ("facts", 1)):
        model = SegmentPopularity(n_segments=4, by=by).fit(dataset)
        best = dataset.items.names_of(model.best(history, 3).items[0])
        assert {int(name[1:]) // 30 for name in best} == {shelf}


def test_two_segments_of_facts_have_chances_too() -> None:
    facts = pl.DataFrame({"user_id": [f"u{at:03d}" for at in range(60)], "drinks": ["tea", "coffee"] * 30})
    dataset = dataset_of(two_tastes(), user_facts=facts)
    model = SegmentPopularity(n_segments=2).fit(dataset)
    chances = model.membership(Histories.of([[], []], facts=pl.DataFrame({"drinks": ["tea", "coffee"]})))
    assert chances.argmax(axis=1).tolist() == model.membership(dataset.histories())[:2].argmax(axis=1).tolist()
    assert chances.max(axis=1).min() > 0.9


def test_reasons_add_up_to_what_the_segment_changes() -> None:
    dataset, _ = planted()
    model = SegmentPopularity(n_segments=4).fit(dataset)
    history = dataset.histories().one(0)
    change = model.score(history)[0] - model.prior
    item = int(np.argmax(change))
    parts = model.reasons(history, item)
    assert parts.sum() == pytest.approx(change[item], rel=1e-4)
    own = np.array([int(name[1:]) < 30 for name in dataset.items.names_of(history.items)])
    assert parts[own].mean() > 3 * parts[~own].mean() if (~own).any() else True


def test_the_cost_grows_with_what_is_done() -> None:
    small, large = (Size.guess(n_users=n, n_items=1000, n_events=10 * n) for n in (10_000, 100_000))
    knobs = SegmentPopularity(n_segments=8)
    assert 5 < knobs.cost(large).memory / knobs.cost(small).memory < 11
    tried = SegmentPopularity().cost(small)
    assert tried.work[FLOPS] > 8 * knobs.cost(small).work[FLOPS]
    assert tried.memory > 8 * 2000**2
    assert SegmentPopularity(method="hierarchical").cost(small).work[FLOPS] > tried.work[FLOPS]
