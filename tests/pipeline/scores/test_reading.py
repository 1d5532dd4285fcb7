import numpy as np

from slatewright.core.arrays import Scores
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.pipeline import Candidates, Request
from tests.pipeline.teaching.worlds import FEATURES, pipeline, score, shop


def test_columns_stand_in_the_order_of_the_recipe_and_parts_go_by_group() -> None:
    reader = score().reader(pipeline().world, ("together", "popular"))
    assert reader.names[:5] == (
        "together",
        "together among candidates",
        "rank by together",
        "rank by popular",
        "rank by all",
    )
    assert reader.groups[:5] == ("together", "together", "sources", "sources", "sources")
    assert reader.names[5:] == reader.groups[5:]
    assert len(reader.names) == 5 + len(FEATURES) - 2


def test_the_table_holds_both_and_room_for_more() -> None:
    world = pipeline().world
    reader = score().reader(world, ("together", "popular"))
    query = pipeline().query(Request(5, shop().as_of, shop().users.name(3)))
    trace = pipeline().answer(query).trace
    pool = trace.pool.take(trace.dropped_by == 0)
    table = reader.read(query, pool, more=1)
    assert table.shape == (len(pool.items), len(reader.names) + 1)
    assert np.isfinite(table[:, :-1]).all()
    asked = np.empty((len(pool.items), 5), dtype=np.float32)
    reader.asked(query, pool, asked)
    np.testing.assert_array_equal(table[:, :5], asked)
    assert (score(features=FEATURES[:2]).reader(world, ()).features) is None


def test_long_after_the_last_event_the_clock_of_features_stands_still() -> None:
    """All counts would have faded to nothing, which the ranker has never seen."""
    learned, user = pipeline(), shop().users.name(3)
    reader = score().reader(learned.world, ("together", "popular"))
    pool = Candidates(items := np.arange(20, dtype=np.int32), np.zeros(20, np.float32), items)

    def columns(days: float) -> Scores:
        now = shop().as_of + int(days * MICROSECONDS_PER_DAY)
        return reader.read(learned.query(Request(5, now, user)), pool)[:, 5:]

    at_the_end, later, years_later = columns(0), columns(59), columns(15 * 365)
    np.testing.assert_array_equal(years_later, at_the_end)
    fading = reader.names.index("view_count_7d") - 5
    np.testing.assert_allclose(later[:, fading], at_the_end[:, fading] * 2 ** (-59 / 7), rtol=1e-4)
    assert at_the_end[:, fading].sum() > 0
