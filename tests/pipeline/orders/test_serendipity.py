import numpy as np
import pytest

from slatewright.core.errors import BadInput
from slatewright.pipeline import Candidates, Request, Serendipity, Weighed
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestWeighedBySerendipity(StageKit):
    stage = Weighed((Serendipity(0.5, model="taste"),))


def pool() -> Candidates:
    return Candidates(np.arange(4, dtype=np.int32), np.array([4, 3, 2, 0], np.float32), np.zeros(4, dtype=np.int32))


def worth(items: tuple[str, ...], last: int = 10) -> list[float]:
    query = town_pipeline().query(Request(4, AS_OF, items=items))
    told: list[float] = Serendipity(0.4, last=last).bind(town_pipeline().world).worth(query, pool()).tolist()
    return told


def test_what_is_good_and_of_another_category_is_worth_something() -> None:
    assert worth(("i004",)) == pytest.approx([0.0, 0.4 * 0.75, 0.0, 0.0])  # coffees, and the last one has no mark
    assert worth(("i004", "i005")) == [0.0] * 4
    assert worth(("i004", "i005"), last=1) == pytest.approx([0.4, 0.0, 0.4 * 0.5, 0.0])


def test_nothing_is_unexpected_of_somebody_unknown() -> None:
    assert worth(()) == [0.0] * 4


def test_a_model_that_does_not_tell_is_refused() -> None:
    with pytest.raises(BadInput, match=r"Serendipity\(model='popular'\) must name"):
        Weighed((Serendipity(model="popular"),)).bind(town_pipeline().world)
