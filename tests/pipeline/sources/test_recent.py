import numpy as np

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.pipeline import RecentSource
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestRecentSource(StageKit):
    stage = RecentSource(days=90, limit=5)


def test_the_newest_come_first_and_the_score_is_minus_the_age_in_days() -> None:
    pipeline = town_pipeline()
    proposal = RecentSource(days=90, limit=3).bind(pipeline.world).propose(pipeline.query(Request(3, AS_OF)))
    first_seen = pipeline.world.catalogue.first_seen
    assert pipeline.world.catalogue.items.name(int(proposal.items[0])) == "i024"  # never sold, so it is new
    assert (np.diff(first_seen[proposal.items]) <= 0).all()
    np.testing.assert_allclose(proposal.scores, (first_seen[proposal.items] - AS_OF) / MICROSECONDS_PER_DAY, rtol=1e-6)


def test_what_is_older_than_the_days_is_not_new() -> None:
    pipeline = town_pipeline()
    source = RecentSource(days=1).bind(pipeline.world)
    assert len(source.propose(pipeline.query(Request(3, AS_OF))).items) == 1
    assert len(source.propose(pipeline.query(Request(3, AS_OF + 2 * MICROSECONDS_PER_DAY))).items) == 0


def test_what_has_not_come_yet_is_not_new() -> None:
    pipeline = town_pipeline()
    first_seen = pipeline.world.catalogue.first_seen
    middle = int(np.sort(first_seen)[12])
    found = RecentSource(days=900).bind(pipeline.world).propose(pipeline.query(Request(3, middle))).items
    assert set(found.tolist()) == set(np.flatnonzero(first_seen <= middle).tolist())
