"""Rating models judged fold by fold."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput, Leak
from slatewright.data.dataset import dataset_of
from slatewright.data.splits import KFold
from slatewright.data.splits.fold import fold_of
from slatewright.evaluate import evaluate_ratings, rating_errors
from slatewright.evaluate.rated import rated
from slatewright.models import ALSWR, BiasedMF, Popularity
from tests.models.ratings.worlds import made_ratings

DATASET = dataset_of(made_ratings())


def test_every_fold_is_judged_and_the_better_model_is_found() -> None:
    folds = list(KFold(3, validation_share=0).split(DATASET))
    good, poor = evaluate_ratings(
        {"good": ALSWR(embedding_dim=2, reg=0.01), "poor": ALSWR(embedding_dim=1, reg=9)}, folds
    )
    assert (good.name, poor.name) == ("good", "poor")
    assert good.rmse < poor.rmse
    assert good.mae < good.rmse
    assert good.rmse == pytest.approx(np.mean([fold.rmse for fold in good.folds]))
    assert sum(fold.pairs + fold.unknown for fold in good.folds) == len(DATASET.interactions)
    assert all(fold.mse == pytest.approx(fold.rmse**2) for fold in good.folds)


def test_by_hand() -> None:
    fold = next(KFold(5, validation_share=0).split(DATASET))
    model = BiasedMF(embedding_dim=1, epochs=1).fit(fold.train)
    rows = np.repeat(np.arange(len(fold.test)), fold.test.n_relevant()).astype(np.int32)
    predicted = model.predict(fold.test.histories, rows, fold.test.relevant)
    expected = np.sqrt(np.mean(np.square(predicted.astype(np.float64) - fold.test.values)))
    assert rating_errors(model, fold.test).rmse == pytest.approx(expected)


def viewed_too(seed: int = 1) -> pl.DataFrame:
    """The made ratings, and as many views, whose value says nothing of a rating."""
    views = made_ratings().with_columns(
        kind=pl.lit("view"), value=pl.lit(1.0), item_id=pl.col("item_id").shuffle(seed=seed)
    )
    return pl.concat([made_ratings().with_columns(kind=pl.lit("rating")), views])


def test_what_was_only_viewed_says_no_rating() -> None:
    fold = next(KFold(5, validation_share=0).split(dataset_of(viewed_too())))
    model = BiasedMF(embedding_dim=1, epochs=1).fit(fold.train)
    found, only = rating_errors(model, fold.test), rated(fold.test)
    assert 0 < found.pairs == only.n_relevant().sum() < fold.test.n_relevant().sum()
    assert found == rating_errors(model, only)


def test_a_model_that_only_ranks_is_refused() -> None:
    fold = next(KFold(5, validation_share=0).split(DATASET))
    with pytest.raises(BadInput, match="ItemScores, which ranks only"):
        rating_errors(Popularity().fit(fold.train), fold.test)


def test_a_pair_that_was_rated_in_training_is_a_leak_where_time_is_not_kept() -> None:
    twice = dataset_of(
        pl.DataFrame(
            {"user_id": ["a", "a", "b"], "item_id": ["x", "x", "y"], "value": [1.0, 5.0, 3.0], "time": [1, 9, 5]}
        )
    )
    last = np.array([False, True, False])
    protocol = next(KFold(2, validation_share=0).split(twice)).protocol
    fold = fold_of(twice, ~last, last, protocol=protocol)
    with pytest.raises(Leak, match="1 training events are of pairs whose ratings are asked for"):
        evaluate_ratings({}, [fold])
    evaluate_ratings({}, [fold.allowing("duplicates")])
