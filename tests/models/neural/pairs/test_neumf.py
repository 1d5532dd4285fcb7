from dataclasses import replace

import numpy as np
import pytest

from slatewright.core.arrays import Array
from slatewright.data.dataset import dataset_of
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.answering import scores_of
from slatewright.models.neural.pairs.neumf import NeuMF
from slatewright.models.neural.sequences.held_out import HeldOut
from slatewright.models.shapes.pair_network import PairNetwork
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import two_tastes


class TestNeuMF(EstimatorKit):
    estimator = NeuMF(embedding_dim=4, layers=(8, 4), epochs=3, batch_size=64, learning_rate=0.02)


def test_both_parts_trained_alone_start_the_whole_better_than_nothing_does() -> None:
    town, scratch = dataset_of(two_tastes()), replace(TestNeuMF.estimator, epochs=1)
    trained = replace(scratch, pretrain_epochs=8)
    assert trained.fit(town).learning_curve[0, 1] < 0.8 * scratch.fit(town).learning_curve[0, 1]


def test_parts_are_not_taught_what_judges_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    held_out, of = [], HeldOut.of

    def watched(*given: object) -> object:
        held_out.append(of(*given))  # type: ignore[arg-type]  # handed on as given
        return held_out[-1]

    monkeypatch.setattr(HeldOut, "of", watched)
    knobs = replace(TestNeuMF.estimator, pretrain_epochs=1, epochs=1, validation_share=0.3)
    replace(knobs, rng=np.random.default_rng(3)).fit(dataset_of(two_tastes()))
    parts = [held.histories.owners for held, _ in held_out]
    assert len(parts) == 3
    for part in parts[:2]:
        np.testing.assert_array_equal(part, parts[2])


def test_before_its_first_step_the_whole_says_the_mean_of_both_parts() -> None:
    town, rng = dataset_of(two_tastes()), np.random.default_rng(0)
    whole = replace(TestNeuMF.estimator, pretrain_epochs=2, epochs=1, learning_rate=1e-30).fit(town)
    users, items = rng.standard_normal((5, 8), dtype=np.float32), rng.standard_normal((6, 8), dtype=np.float32)
    parts = [
        Spec.of("neumf", gmf=4, mlp=0, layers=[], dropout=0.0),
        Spec.of("neumf", gmf=0, mlp=4, layers=[4], dropout=0.0),
    ]
    names = [one.path for one in whole.spec.network().variables]
    by_name = dict(zip(names, whole.weights, strict=True))
    kernel = by_name["prediction/kernel"]
    halves = [by_name | {"prediction/kernel": kernel[:4]}, by_name | {"prediction/kernel": kernel[4:]}]
    sides = [(slice(0, 4)), (slice(4, 8))]
    total = sum(
        scores_of(part, [half[one.path] for one in part.network().variables], users[:, side], items[:, side])
        for part, half, side in zip(parts, halves, sides, strict=True)
    )
    expected = total - by_name["prediction/bias"][0]
    np.testing.assert_allclose(scores_of(whole.spec, whole.weights, users, items), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("pretrain_epochs", [0, 1])
def test_the_factorisation_begins_as_an_inner_product(pretrain_epochs: int) -> None:
    knobs = replace(TestNeuMF.estimator, epochs=1, learning_rate=1e-30, pretrain_epochs=pretrain_epochs)
    begun = knobs.fit(dataset_of(two_tastes()))
    np.testing.assert_array_equal(_counts(begun), 1)


def test_what_products_count_stays_near_one_where_long_rows_are_punished() -> None:
    knobs = replace(TestNeuMF.estimator, epochs=20)
    free, held = (_counts(replace(knobs, reg=reg).fit(dataset_of(two_tastes()))) for reg in (0.0, 0.05))
    assert np.abs(held - 1).max() < 0.5 * np.abs(free - 1).max()


def _counts(model: PairNetwork) -> Array:
    names = [one.path for one in model.spec.network().variables]
    kernel: Array = dict(zip(names, model.weights, strict=True))["prediction/kernel"]
    return kernel[: TestNeuMF.estimator.embedding_dim]
