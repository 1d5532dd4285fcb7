import numpy as np

from slatewright.pipeline import Candidates, Novelty, Request, Weighed
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town, town_pipeline


class TestWeighedByNovelty(StageKit):
    stage = Weighed((Novelty(0.5),))


def test_it_is_the_share_of_bits_by_hand() -> None:
    events = town().interactions
    takers = np.array([len(np.unique(events.user[events.item == item])) for item in range(25)])
    pool = Candidates(np.arange(25, dtype=np.int32), np.ones(25, dtype=np.float32), np.zeros(25, dtype=np.int32))
    told = Novelty(0.5).bind(town_pipeline().world).worth(town_pipeline().query(Request(5, AS_OF)), pool)
    expected = 0.5 * -np.log2(np.maximum(takers, 1) / town().n_users) / np.log2(town().n_users)
    np.testing.assert_allclose(told, expected, rtol=1e-5)
    assert told[24] == np.float32(0.5)  # never sold
