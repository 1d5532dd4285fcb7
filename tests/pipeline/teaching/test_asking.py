from dataclasses import replace

import numpy as np
import polars as pl

from slatewright.data.catalogue import Catalogue
from slatewright.data.dataset import dataset_of
from slatewright.data.showings import Showings
from slatewright.pipeline import RecentSource
from slatewright.pipeline.contracts import Candidates
from slatewright.pipeline.running import run
from slatewright.pipeline.teaching.asking import ask, joined
from tests.pipeline.teaching.test_teach import visits_of
from tests.pipeline.teaching.worlds import past, shop


def test_candidates_are_those_that_the_pipeline_would_have_had() -> None:
    before = past()
    visits = visits_of(before)
    found = list(ask(before.stages, before.world, before.dataset, visits))
    assert [one.at for one in found] == list(range(len(visits)))
    for one in found[:10]:
        trace = run(before.stages, one.query).trace
        survivors = trace.pool.take(trace.dropped_by == 0)
        n = len(one.pool.items)  # behind them the pipeline fills up with popular items
        np.testing.assert_array_equal(one.pool.items, survivors.items[:n])
        np.testing.assert_array_equal(one.pool.ranks, survivors.ranks[:, :n])
        assert one.query.history.times.max() < one.query.now
        assert one.query.user_id == before.dataset.users.name(int(visits.users[one.at]))


def test_no_more_candidates_are_asked_about_than_the_pipeline_scores() -> None:
    before = past()
    stages = replace(before.stages, candidates=21)  # questions ask for 20
    found = list(ask(stages, before.world, before.dataset, visits_of(before)))
    assert max(len(one.pool.items) for one in found) == 21
    for one in found[:10]:
        trace = run(replace(stages, fills=False), one.query).trace
        np.testing.assert_array_equal(one.pool.items, trace.pool.items[trace.dropped_by == 0])


def test_what_nobody_had_sold_yet_is_not_new_in_the_shop() -> None:
    events = shop().interactions
    made = pl.DataFrame(
        {
            "user_id": shop().users.names_of(events.user),
            "item_id": shop().items.names_of(events.item),
            "time": np.where(events.item % 5, events.time, events.time.max() - (events.time.max() - events.time) // 9),
        }
    )  # without facts, one item of five comes late
    dataset = dataset_of(made, as_of=shop().as_of)
    first = Catalogue.of(dataset).first_seen
    before = past(dataset, int(np.sort(first)[-6]), (RecentSource(days=60, limit=60),))  # six items are still to come
    proposed = 0
    for one in ask(before.stages, before.world, dataset, visits_of(before)):
        assert (first[one.pool.items] <= one.query.now).all()
        proposed += len(one.pool.items)
    assert proposed > 0


def pool(items: list[int]) -> Candidates:
    n = len(items)
    ones, ranks = np.ones(n, dtype=np.float32), np.arange(1, n + 1, dtype=np.int32)[None]
    return Candidates(np.array(items, dtype=np.int32), ones, np.zeros(n, np.int32), ranks)


def test_items_that_no_source_proposed_stand_behind_the_pool() -> None:
    both, at = joined(pool([7, 3, 5]), np.array([3, 9, 7, 1], dtype=np.int32))
    np.testing.assert_array_equal(both.items, [7, 3, 5, 9, 1])
    np.testing.assert_array_equal(both.items[at], [3, 9, 7, 1])
    np.testing.assert_array_equal(both.ranks, [[1, 2, 3, 0, 0]])


def test_an_empty_pool_and_no_items() -> None:
    both, at = joined(pool([]), np.array([4], dtype=np.int32))
    np.testing.assert_array_equal(both.items[at], [4])
    both, at = joined(pool([2]), np.empty(0, dtype=np.int32))
    np.testing.assert_array_equal(both.items, [2])
    assert len(at) == 0


def test_a_question_knows_what_was_shown_before_it() -> None:
    before = past()
    visits = visits_of(before)
    user, moment = int(visits.users[0]), int(visits.times[0])
    owners, items = np.full(4, user, dtype=np.int32), np.arange(4, dtype=np.int32)
    times = moment + np.array([-5, -1, 0, 7]) * 1_000_000
    shown = Showings.of(owners, items, times, before.dataset.n_users)
    everything = replace(before.dataset.histories(), shown=shown)
    found = {one.at: one.query for one in ask(before.stages, before.world, before.dataset, visits, everything)}
    assert found[0].shown.items.tolist() == [0, 1]
    assert found[0].history.shown is not None
    other = next(at for at in range(len(visits)) if visits.users[at] != user)
    assert found[other].shown.items.tolist() == []
