"""What is more common in a segment than among all."""

import numpy as np
import pytest
from scipy import sparse
from scipy.stats import binom

from slatewright.models.segments.counting import Counts, words_of


def two_segments() -> Counts:
    #          both alike, all in the first, too rare, more in the second
    inside = np.array([[10.0, 20, 2, 5], [5, 0, 0, 9]])
    return Counts.of(inside, np.array([40.0, 20.0]))


def test_shares_by_hand() -> None:
    counts = two_segments()
    assert counts.share(0).tolist() == [0.25, 0.5, 0.05, 0.125]
    assert counts.usual().tolist() == [15 / 60, 20 / 60, 2 / 60, 14 / 60]


def test_the_surest_comes_first_and_the_rare_not_at_all() -> None:
    assert two_segments().most_over(0, 9).tolist() == [1]
    assert two_segments().most_over(1, 9).tolist() == [3]
    assert two_segments().most_over(0, 0).tolist() == []


def test_sure_is_the_ratio_of_likelihoods() -> None:
    inside = np.array([[30.0, 12], [40, 2]])
    counts = Counts.of(inside, np.array([100.0, 200.0]))

    def surprise(thing: int) -> float:
        own, other, both = inside[0, thing], inside[1, thing], inside[:, thing].sum() / 300
        apart = binom.logpmf(own, 100, own / 100) + binom.logpmf(other, 200, other / 200)
        return float(apart - binom.logpmf(own, 100, both) - binom.logpmf(other, 200, both))

    wanted = sorted([0, 1], key=lambda thing: -surprise(thing))
    assert counts.most_over(0, 2).tolist() == wanted == [1, 0]


def test_through_what_stands_behind() -> None:
    shelves = sparse.csr_matrix(np.array([[1.0, 0], [1, 0], [0, 1], [1, 1]]))
    behind = two_segments().through(shelves)
    assert behind.inside.tolist() == [[35, 7], [14, 9]]
    assert behind.sizes.tolist() == [37, 14]
    assert behind.share(1)[1] == pytest.approx(9 / 14)


def test_words_of_titles() -> None:
    which, words = words_of(["Set of 3 Pink mugs", None, "PINK  café-mugs, pink"])
    assert words == ["café", "mugs", "pink"]
    assert which.toarray().tolist() == [[0, 1, 1], [0, 0, 0], [1, 1, 1]]
    assert words_of([])[0].shape == (0, 0)
