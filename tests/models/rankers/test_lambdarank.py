from dataclasses import replace

import numpy as np
import pytest

from slatewright.core.errors import BadInput, BadKnob
from slatewright.models.rankers import LambdaRank, RankingTable
from tests.models.rankers.worlds import pairs_right, questions


@pytest.mark.parametrize("loss", ["lambdarank", "rank_xendcg", "binary"])
def test_it_finds_the_order(loss: str) -> None:
    fitted = LambdaRank(n_trees=30, min_rows=10, loss=loss).fit(questions())
    later = questions(rng=1)
    assert pairs_right(fitted.mark(later.values), later) > 0.85
    assert pairs_right(later.values[:, 0], later) < 0.82  # one feature alone cannot


def test_the_same_table_gives_the_same_trees() -> None:
    knobs = LambdaRank(n_trees=5, min_rows=5)
    np.testing.assert_array_equal(knobs.fit(questions()).text, knobs.fit(questions()).text)


def test_heavier_rows_count_more() -> None:
    table = questions()
    wrong = questions(rng=5)
    both = RankingTable(
        table.names,
        np.concatenate([table.values, wrong.values]),
        np.concatenate([table.offsets, table.offsets[-1] + wrong.offsets[1:]]),
        np.concatenate([table.taken, ~wrong.taken]),
        np.concatenate([table.weights, np.full(len(wrong.taken), 0.01, dtype=np.float32)]),
    )
    marks = LambdaRank(n_trees=20, min_rows=5).fit(both).mark(questions(rng=2).values)
    assert pairs_right(marks, questions(rng=2)) > 0.8


def test_nothing_to_learn_from_is_refused() -> None:
    table = questions(n=2)
    table.taken[:] = False
    with pytest.raises(BadInput, match="something taken and something not"):
        LambdaRank().fit(table)
    with pytest.raises(BadKnob, match="n_trees"):
        LambdaRank(n_trees=0)
    with pytest.raises(BadKnob, match="loss"):
        LambdaRank(loss="mse")


def test_more_candidates_than_an_order_can_be_learned_of_are_refused_by_name() -> None:
    one = questions(n=4).take(np.arange(400) % 4)
    long = replace(one, offsets=np.array([0, len(one.taken)]))
    assert len(long.taken) > 10_000
    with pytest.raises(BadInput, match=r"at most 10,000 candidates .* lower Lessons\.n_negatives"):
        LambdaRank(n_trees=2).fit(long)
    assert len(LambdaRank(n_trees=2, loss="binary").fit(long).nodes.roots) == 2
