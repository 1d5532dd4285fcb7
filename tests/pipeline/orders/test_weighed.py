import numpy as np
import pytest

from slatewright.core.errors import BadKnob
from slatewright.pipeline import Candidates, Request, Weighed
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestWeighedWithoutTerms(StageKit):
    stage = Weighed(())


def test_without_terms_it_is_the_order_of_the_marks() -> None:
    items = np.array([7, 3, 5], dtype=np.int32)
    pool = Candidates(items, np.array([1, 2, 1], dtype=np.float32), np.zeros(3, dtype=np.int32))
    query = town_pipeline().query(Request(3, AS_OF))
    assert items[Weighed(()).bind(town_pipeline().world).arrange(query, pool)].tolist() == [3, 5, 7]


def test_what_is_no_term_is_refused() -> None:
    with pytest.raises(BadKnob, match=r"Weighed\.terms must hold terms"):
        Weighed((Weighed,))  # type: ignore[arg-type]
