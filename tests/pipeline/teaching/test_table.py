from dataclasses import replace

import numpy as np

from slatewright.features.state import LiveCounts
from slatewright.pipeline.teaching.asking import ask
from slatewright.pipeline.teaching.table import candidates_of, end_to_end, filled, taken
from tests.models.rankers.worlds import questions as ranking_table
from tests.pipeline.teaching.test_teach import visits_of
from tests.pipeline.teaching.worlds import past, score

BEFORE = past()
VISITS = visits_of(BEFORE, 400)
READER = score().reader(BEFORE.world, tuple(source.name for source in BEFORE.stages.sources))


def test_all_right_candidates_are_kept_and_others_stand_for_more() -> None:
    asked = list(ask(BEFORE.stages, BEFORE.world, BEFORE.dataset, VISITS))
    rows = candidates_of(asked, VISITS, READER, 5, np.random.default_rng(0))
    for one in asked:
        begin, end = rows.offsets[one.at], rows.offsets[one.at + 1]
        answers = VISITS.items[VISITS.offsets[one.at] : VISITS.offsets[one.at + 1]]
        right = np.intersect1d(one.pool.items, answers)
        assert set(right) <= set(rows.items[begin:end])
        assert end - begin <= len(right) + 5
        assert abs(rows.thinned[begin:end].sum() - len(one.pool.items)) < 1e-3
    everything = taken(rows, VISITS, (), ("view",), BEFORE.dataset.n_items)
    kinds = BEFORE.dataset.interactions.kinds
    bought = taken(rows, VISITS, ("purchase",), kinds, BEFORE.dataset.n_items)
    assert 0 < bought.sum() < everything.sum()
    assert not (bought & ~everything).any()


def test_the_table_has_what_the_score_would_have_read_at_that_moment() -> None:
    asked = list(ask(BEFORE.stages, BEFORE.world, BEFORE.dataset, VISITS))
    rows = candidates_of(asked, VISITS, READER, 5, np.random.default_rng(0))
    table = filled(rows, VISITS, READER, BEFORE.dataset.histories(), BEFORE.events, placed=False)
    features = READER.features
    assert features is not None
    learned = features.counters(BEFORE.events, int(VISITS.times.min())).pairs  # what goes together is learned once
    for one in asked[:: len(asked) // 7]:
        counts = features.counters(BEFORE.events, one.query.now)
        world = replace(BEFORE.world, features=features, counts=replace(counts, pairs=learned))
        begin, end = rows.offsets[one.at], rows.offsets[one.at + 1]
        at = [int(np.flatnonzero(one.pool.items == item)[0]) for item in rows.items[begin:end]]
        read = replace(READER, world=world).read(one.query, one.pool)
        np.testing.assert_allclose(table[begin:end], read[at], rtol=1e-5, atol=1e-6)


def test_what_the_world_has_counted_is_not_counted_again() -> None:
    asked = list(ask(BEFORE.stages, BEFORE.world, BEFORE.dataset, VISITS))
    rows = candidates_of(asked, VISITS, READER, 5, np.random.default_rng(0))
    features, as_of = READER.features, BEFORE.world.as_of
    assert features is not None
    tables = []
    for counts in (None, features.counters(BEFORE.events, as_of), LiveCounts(features.nothing(as_of))):
        reader = replace(READER, world=replace(BEFORE.world, counts=counts))
        tables.append(filled(rows, VISITS, reader, BEFORE.dataset.histories(), BEFORE.events, placed=False))
    viewed = READER.names.index("view_count_7d")
    np.testing.assert_allclose(tables[1][:, viewed], tables[0][:, viewed], rtol=1e-4, atol=1e-6)
    assert tables[2][:, viewed].sum() < tables[0][:, viewed].sum()


def test_tables_end_to_end() -> None:
    both = end_to_end([ranking_table(n=2), ranking_table(n=3, rng=1)])
    assert len(both) == 5
    np.testing.assert_array_equal(both.offsets, np.arange(6) * 30)
    np.testing.assert_array_equal(both.values[60:], ranking_table(n=3, rng=1).values)
