import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.pipeline.sources.best import best


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 50))
def test_best_is_a_sort_cut_short(values: list[int], limit: int) -> None:
    scores = np.array(values, dtype=np.float32)
    proposal = best(scores, limit)
    assert list(proposal.items) == sorted(range(len(values)), key=lambda item: (-values[item], item))[:limit]
    assert list(proposal.scores) == [values[item] for item in proposal.items]
