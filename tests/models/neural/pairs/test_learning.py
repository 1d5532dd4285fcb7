from dataclasses import replace

import numpy as np
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.models import GMF, MF, NeuMF
from slatewright.models.costs import GATHERS, Size
from slatewright.testing.worlds import two_tastes

TOWN = dataset_of(two_tastes())
SMALL = MF(
    embedding_dim=8,
    epochs=12,
    batch_size=128,
    learning_rate=0.03,
    schedule="constant",
    loss="bce",
    negatives_from="drawn",
    n_negatives=8,
    reg=0.005,
)


def _right(model: object) -> float:
    """The share of unseen items of the user's own taste among the three best."""
    lists = model.best(TOWN.histories(), 3)  # type: ignore[attr-defined]
    return float((lists.items % 2 == np.arange(TOWN.n_users)[:, None] % 2).mean())


@pytest.mark.parametrize("loss", ["bce", "mse", "bpr", "softmax"])
@pytest.mark.parametrize("source", ["drawn", "hard", "batch", "shared"])
def test_every_loss_with_every_draw_finds_the_tastes(loss: str, source: str) -> None:
    model = replace(SMALL, loss=loss, negatives_from=source, n_negatives=4).fit(TOWN)
    assert _right(model) > 0.75


@pytest.mark.parametrize(
    "estimator", [SMALL, NeuMF(embedding_dim=4, layers=(8, 4), batch_size=64), GMF(embedding_dim=4, batch_size=64)]
)
def test_what_is_held_out_is_judged_after_each_epoch(estimator: MF | NeuMF | GMF) -> None:
    model = replace(estimator, validation_share=0.5, epochs=6).fit(TOWN)
    assert model.learning_curve.shape == (6, 3)
    assert (model.learning_curve[:, 2] > 0).all()


def test_pairs_not_taken_may_count_as_much_as_is_said() -> None:
    knobs = replace(SMALL, loss="mse", negatives_from="shared", n_negatives=8)
    plain, weighed = (_scored(replace(knobs, unobserved_weight=weight)) for weight in (0.05, 1.0))
    assert weighed < plain


def _scored(estimator: MF) -> float:
    return float(estimator.fit(TOWN).score(TOWN.histories()).mean())


def test_the_weight_of_an_event_is_the_weight_of_its_sample() -> None:
    table = TOWN.interactions
    heavy = replace(TOWN, interactions=replace(table, weight=np.where(table.item == 0, 50, 1).astype(np.float32)))
    first, second = (replace(SMALL, epochs=4).fit(one).score(TOWN.histories())[:, 0].mean() for one in (TOWN, heavy))
    assert second > first + 0.3


def test_a_fit_costs_more_the_more_it_does() -> None:
    size = Size.of(TOWN)
    small, large = (NeuMF(embedding_dim=d).cost(size) for d in (8, 64))
    assert large.memory > small.memory
    assert large.work[GATHERS] > small.work[GATHERS]
