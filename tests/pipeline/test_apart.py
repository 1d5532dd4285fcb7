import threading
import time

import pytest

from slatewright.pipeline import Proposal, Query, Quota, Request, World, apart
from slatewright.pipeline.apart import Apart
from slatewright.pipeline.contracts import Source
from slatewright.pipeline.sources.best import nothing
from slatewright.testing.town import AS_OF, town_pipeline


class Counts:
    name = "counts"

    def __init__(self) -> None:
        self.threads: set[int] = set()

    def propose(self, query: Query) -> Proposal:
        self.threads.add(threading.get_ident())
        return nothing()


def test_calls_one_after_another_share_a_thread_which_ends_when_it_has_nothing_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "IDLE_SECONDS", 0.01)
    counts, query = Counts(), town_pipeline().query(Request(3, AS_OF))
    one = Apart(counts)
    assert one.name == "counts"
    before = threading.active_count()
    for _ in range(3):
        assert one.started(query).result(5).items.tolist() == one.propose(query).items.tolist() == []
    assert len(counts.threads - {threading.get_ident()}) <= 3
    while threading.active_count() > before:
        time.sleep(0)
    assert one.started(query).result(5).items.tolist() == []  # and another one begins


def test_a_source_keeps_its_places_of_the_pool() -> None:
    one = Quota(_Waiting(), least=4).bind(town_pipeline().world)
    assert Apart(one).least == 4
    assert Apart(Counts()).least == 0


class _Waiting:
    def bind(self, world: World) -> Source:
        return Counts()
