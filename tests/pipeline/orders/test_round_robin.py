import numpy as np
import pytest

from slatewright.core.errors import NotThere
from slatewright.pipeline import Candidates, Request, RoundRobin
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline

ITEMS = np.array([0, 2, 4, 1, 6, 3], dtype=np.int32)  # tea, tea, tea, coffee, tea, coffee


class TestRoundRobinBySource(StageKit):
    stage = RoundRobin()


class TestRoundRobinByCategory(StageKit):
    stage = RoundRobin("category")


def taken(by: str, source: list[int]) -> list[int]:
    pool = Candidates(ITEMS, np.linspace(1, 0, 6, dtype=np.float32), np.array(source, dtype=np.int32))
    query = town_pipeline().query(Request(3, AS_OF))
    return [int(ITEMS[at]) for at in RoundRobin(by).bind(town_pipeline().world).arrange(query, pool)]


def test_sources_take_turns() -> None:
    assert taken("source", [2, 2, 0, 2, 0, 1]) == [0, 4, 3, 2, 6, 1]


def test_shelves_take_turns() -> None:
    assert taken("category", [0] * 6) == [0, 1, 2, 3, 4, 6]


def test_a_fact_that_is_not_there_is_said_so() -> None:
    with pytest.raises(NotThere, match="RoundRobin asks for the fact 'brand'"):
        RoundRobin("brand").bind(town_pipeline().world)
