import numpy as np
import pytest

from slatewright.core.arrays import Array, Scores
from slatewright.core.errors import BadInput, BadKnob
from slatewright.pipeline import DPP, Candidates, Novelty, Request
from slatewright.pipeline.likeness import ByVectors
from slatewright.pipeline.orders.dpp import BoundDPP
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestDPPByCategory(StageKit):
    stage = DPP(relevance=0.5)


class TestDPPByFactors(StageKit):
    stage = DPP(relevance=0.9, model="taste", terms=(Novelty(0.3),))


def greedy(scores: Scores, pairs: Array, relevance: float, k: int) -> list[int]:
    """The definition: take what makes the determinant largest."""
    worth = (scores - scores.min()) / (scores.max() - scores.min())
    quality = np.exp(relevance / (2 * (1 - relevance)) * worth.astype(np.float64))
    kernel = quality[:, None] * pairs * quality
    chosen: list[int] = []
    while len(chosen) < k:
        volumes = [
            -np.inf if at in chosen else np.linalg.slogdet(kernel[np.ix_([*chosen, at], [*chosen, at])])[1]
            for at in range(len(scores))
        ]
        chosen.append(int(np.argmax(volumes)))
    return chosen


@pytest.mark.parametrize("relevance", [0.0, 0.5, 0.9])
def test_every_place_takes_what_makes_the_determinant_largest(relevance: float) -> None:
    rng = np.random.default_rng(5)
    for _ in range(10):
        likeness = ByVectors(rng.normal(size=(25, 12)).astype(np.float32), definite=True)
        items = np.arange(25, dtype=np.int32)
        alike = likeness.among(items)
        pairs = np.stack([alike.row(at) for at in range(25)]).astype(np.float64)
        pairs *= 0.9
        np.fill_diagonal(pairs, 1)
        scores = np.sort(rng.random(25).astype(np.float32))[::-1].copy()
        pool = Candidates(items, scores, np.zeros(25, dtype=np.int32))
        order = BoundDPP("volume", relevance / (1 - relevance), 25, likeness)
        chosen = order.arrange(town_pipeline().query(Request(8, AS_OF)), pool)
        assert chosen.tolist() == greedy(scores, pairs, relevance, 8)


def test_two_of_one_category_are_nearly_the_same_by_hand() -> None:
    # worths 1, .8, .6, .4, .2, 0; a second one of a category spans 1 - .81 (log: -1.66), a third one .147 (-1.92)
    items = np.array([0, 2, 4, 1, 3, 5], dtype=np.int32)  # three teas on top, then three coffees
    pool = Candidates(items, np.array([6, 5, 4, 3, 2, 1], dtype=np.float32), np.zeros(6, dtype=np.int32))
    query = town_pipeline().query(Request(6, AS_OF))
    chosen = DPP(0.5).bind(town_pipeline().world).arrange(query, pool)
    assert items[chosen].tolist() == [0, 1, 2, 4, 3, 5]


def test_only_the_first_ones_are_chosen_from() -> None:
    pool = Candidates(np.arange(6, dtype=np.int32), np.linspace(1, 0, 6, dtype=np.float32), np.zeros(6, dtype=np.int32))
    query = town_pipeline().query(Request(4, AS_OF))
    assert sorted(DPP(0.0, depth=3).bind(town_pipeline().world).arrange(query, pool).tolist()) == [0, 1, 2]


def test_what_spans_no_volume_is_refused() -> None:
    with pytest.raises(BadInput, match=r"DPP\(model='together'\) must name an estimator that learns Factors"):
        DPP(model="together").bind(town_pipeline().world)
    with pytest.raises(BadKnob, match=r"DPP\.relevance must be < 1"):
        DPP(1.0)
    with pytest.raises(BadKnob, match=r"DPP\.terms must hold terms, as Novelty\(0\.2\), got 0\.2"):
        DPP(terms=(0.2,))  # type: ignore[arg-type]
