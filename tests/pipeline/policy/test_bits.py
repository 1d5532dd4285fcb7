import numpy as np
import pytest

from slatewright.pipeline.policy import Condition
from slatewright.pipeline.policy.bits import Bits
from tests.pipeline.policy.worlds import small_world


@pytest.mark.parametrize("n", [0, 1, 64, 65, 130])
def test_many_conditions_at_once_say_what_each_says_alone(n: int) -> None:
    world, rng = small_world(), np.random.default_rng(n)
    bounds = rng.integers(0, 70, n).tolist()
    stills = [Condition.of(f"price < {bound}", world).still for bound in bounds]
    negated = (rng.random(n) < 0.3).tolist()
    bits, items = Bits(world.item_facts, stills, negated), np.array([4, 0, 2, 5, 1, 3], dtype=np.int32)
    price = world.item_facts.column("price")[items]
    truth = np.array([(price < bound) != no for bound, no in zip(bounds, negated, strict=True)]).reshape(n, 6)
    full = truth.copy()
    active = (rng.random(n) < 0.5).tolist()
    truth[~np.array(active, dtype=np.bool_)] = False
    by = rng.normal(size=n).astype(np.float32)
    assert bits.none_of(active, items).tolist() == (~truth.any(axis=0)).tolist()
    everywhere = bits.none_of(active, None)
    assert everywhere[items].tolist() == (~truth.any(axis=0)).tolist()
    rows = bits.rows(items)
    shifted = [rows[at // 64] >> np.uint64(at % 64) & np.uint64(1) for at in range(n)]
    assert np.array(shifted, dtype=np.bool_).reshape(n, 6).tolist() == full.tolist()
    np.testing.assert_allclose(bits.sums(active, by, items), by @ truth, atol=1e-5)
