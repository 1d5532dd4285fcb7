import numpy as np
import pytest

from slatewright.core.errors import BadBundle
from slatewright.models.rankers import LambdaRank, LinearRanker
from slatewright.models.rankers.contracts import FittedRanker
from slatewright.models.rankers.kinds import ranker_of
from tests.models.rankers.worlds import questions


@pytest.mark.parametrize("knobs", [LambdaRank(n_trees=3, min_rows=5), LinearRanker()])
def test_a_ranker_comes_back_from_its_kind_and_arrays(knobs: LambdaRank | LinearRanker) -> None:
    fitted, values = knobs.fit(questions()), questions(n=1).values
    assert isinstance(fitted, FittedRanker)
    again = ranker_of(fitted.kind, fitted.arrays())
    np.testing.assert_array_equal(again.mark(values), fitted.mark(values))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(BadBundle, match="newer version"):
        ranker_of("oracle", {})
