import numpy as np

from slatewright.pipeline import PopularSource
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town, town_pipeline


class TestPopularSource(StageKit):
    stage = PopularSource(limit=5)


def test_it_counts_events() -> None:
    pipeline = town_pipeline()
    source = PopularSource(half_life_days=None, limit=4).bind(pipeline.world)
    proposal = source.propose(pipeline.query(Request(3, AS_OF)))
    counts = np.bincount(town().interactions.item, minlength=25)
    assert list(proposal.items) == sorted(range(25), key=lambda item: (-counts[item], item))[:4]
    assert list(proposal.scores) == sorted(counts.tolist(), reverse=True)[:4]


def test_a_short_half_life_prefers_what_happened_last() -> None:
    pipeline = town_pipeline()
    source = PopularSource(half_life_days=0.01, limit=1).bind(pipeline.world)
    events = town().interactions
    latest = set(events.item[events.time == events.time.max()])
    assert source.propose(pipeline.query(Request(1, AS_OF))).items[0] in latest
