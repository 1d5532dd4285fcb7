import numpy as np
import pytest

from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs import answering
from slatewright.models.neural.pairs.answering import scores_of

SPEC = Spec.of("dot", dim=2)


@pytest.mark.parametrize(("n", "m"), [(5, 7), (1, 1), (0, 3), (3, 0)])
def test_scores_of_all_pairs_in_blocks_are_those_by_hand(n: int, m: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "BLOCK", 8)
    rng = np.random.default_rng(0)
    users, items = (rng.standard_normal((rows, 3), dtype=np.float32) for rows in (n, m))
    expected = users[:, :2] @ items[:, :2].T + users[:, 2:] + items[:, 2]
    np.testing.assert_allclose(scores_of(SPEC, [], users, items), expected, rtol=1e-5)
