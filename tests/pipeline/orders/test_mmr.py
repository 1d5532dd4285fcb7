import numpy as np
import pytest

from slatewright.pipeline import MMR, Candidates, Novelty
from slatewright.pipeline.likeness import likeness_of
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestMMRByCategory(StageKit):
    stage = MMR(relevance=0.5)


class TestMMRByFactors(StageKit):
    stage = MMR(relevance=0.5, model="taste")


class TestMMRByPairs(StageKit):
    stage = MMR(relevance=0.5, model="together")


class TestMMRWithoutVariety(StageKit):
    stage = MMR(relevance=1.0, model="together")


def _pool() -> Candidates:
    """Three teas on top, then three coffees."""
    items = np.array([0, 2, 4, 1, 3, 5], dtype=np.int32)
    return Candidates(items, np.array([6, 5, 4, 3, 2, 1], dtype=np.float32), np.zeros(6, dtype=np.int32))


@pytest.mark.parametrize(
    ("relevance", "expected"),
    [(1.0, [0, 2, 4, 1]), (0.5, [0, 1, 2, 4]), (0.0, [0, 1, 2, 4])],
)
def test_variety_by_category_by_hand(relevance: float, expected: list[int]) -> None:
    # worth: 1, .8, .6, .4, .2, 0 times relevance; a second tea or coffee costs 1 - relevance
    query = town_pipeline().query(Request(4, AS_OF))
    chosen = MMR(relevance=relevance).bind(town_pipeline().world).arrange(query, _pool())
    assert _pool().items[chosen].tolist() == expected


def test_every_place_takes_what_is_worth_most_less_what_it_repeats() -> None:
    """Beside the definition, which looks at all pairs."""
    world, rng = town_pipeline().world, np.random.default_rng(3)
    alike = likeness_of(world, "taste", "MMR").among(np.arange(25, dtype=np.int32))
    pairs = np.stack([alike.row(at) for at in range(25)])
    for _ in range(20):
        scores = np.sort(rng.random(25).astype(np.float32))[::-1].copy()
        pool = Candidates(np.arange(25, dtype=np.int32), scores, np.zeros(25, dtype=np.int32))
        worth = 0.6 * (scores - scores.min()) / (scores.max() - scores.min())
        expected = [int(np.argmax(worth))]
        while len(expected) < 8:
            left = worth - 0.4 * pairs[expected].max(axis=0)
            left[expected] = -np.inf
            expected.append(int(np.argmax(left)))
        query = town_pipeline().query(Request(8, AS_OF))
        assert MMR(0.6, model="taste").bind(world).arrange(query, pool).tolist() == expected


def test_terms_count_beside_the_mark() -> None:
    items = np.array([0, 2, 24], dtype=np.int32)  # nobody had i024 yet
    pool = Candidates(items, np.array([3, 2, 1], dtype=np.float32), np.zeros(3, dtype=np.int32))
    query, world = town_pipeline().query(Request(3, AS_OF)), town_pipeline().world
    assert items[MMR(1.0).bind(world).arrange(query, pool)].tolist() == [0, 2, 24]
    assert items[MMR(1.0, terms=(Novelty(3.0),)).bind(world).arrange(query, pool)].tolist() == [24, 0, 2]


def test_only_the_first_ones_are_chosen_from() -> None:
    query = town_pipeline().query(Request(4, AS_OF))
    chosen = MMR(relevance=0.0, depth=3).bind(town_pipeline().world).arrange(query, _pool())
    assert sorted(chosen.tolist()) == [0, 1, 2]
