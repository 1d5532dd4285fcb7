"""Errors of foretold ratings in an evaluation, against numbers made by hand."""

from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.data.splits import Fold, GlobalTime, KFold, LastN
from slatewright.evaluate import evaluate, evaluate_folds, markdown, tables
from slatewright.evaluate.foretold import ratings_foretold
from slatewright.evaluate.numbers import metrics_of
from slatewright.evaluate.rated import rated
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.models import ALS, BiasedMF, ItemKNN
from tests.models.ratings.worlds import made_ratings

QUICK = Bootstrap(resamples=40)
MF = BiasedMF(embedding_dim=4, epochs=3)


def folds() -> Iterator[Fold]:
    return KFold(2).split(dataset_of(made_ratings()))


def test_a_model_that_foretells_ratings_is_held_against_what_was_said() -> None:
    fold = next(folds())
    model = MF.fit(fold.train)
    found = evaluate({"mf": model, "knn": ItemKNN().fit(fold.train)}, fold, bootstrap=QUICK).ratings
    assert found is not None
    cases = rated(fold.test)
    rows = np.repeat(np.arange(len(cases), dtype=np.int32), cases.n_relevant())
    off = model.predict(cases.histories, rows, cases.relevant) - cases.values
    (one,) = found.measured  # ItemKNN ranks only
    assert one.name == "mf"
    assert one.metrics["rmse"].value == pytest.approx(np.sqrt(np.square(off).mean()))
    assert one.metrics["mae"].value == pytest.approx(np.abs(off).mean())
    assert one.metrics["mse"].value == pytest.approx(np.square(off).mean())
    assert all(each.low < each.value < each.high for each in one.metrics.values())
    assert found.users == len(np.unique(rows))
    assert f"{len(off):,} of them" in found.meaning


def test_several_folds_are_their_mean_and_the_record_has_every_number() -> None:
    found = evaluate_folds({"mf": MF}, folds(), bootstrap=QUICK)
    assert found.ratings is not None
    rmses = [one.ratings.of("mf").metrics["rmse"].value for one in found.folds if one.ratings is not None]
    assert len(rmses) == 2
    assert found.ratings.of("mf").metrics["rmse"].value == pytest.approx(np.mean(rmses))
    assert metrics_of(found)["ratings foretold"]["mf"]["rmse"]["value"] == found.ratings.of("mf").metrics["rmse"].value
    assert "| RMSE |" in markdown(found)
    assert "ratings foretold" in " ".join(str(getattr(part, "title", "")) for part in tables(found))


def test_models_that_rank_only_foretell_nothing() -> None:
    fold = next(folds())
    assert evaluate({"als": ALS(4).fit(fold.train)}, fold, bootstrap=QUICK).ratings is None


def test_what_was_only_viewed_says_no_rating() -> None:
    views = made_ratings().with_columns(kind=pl.lit("view"), value=pl.lit(1.0))
    both = pl.concat([made_ratings().head(2000), views.tail(2000)])
    fold = next(fold for fold in LastN(1).split(dataset_of(both)))
    seen = fold.test.take(np.flatnonzero(rated(fold.test).n_relevant() == 0))
    assert ratings_foretold({"mf": MF.fit(fold.train)}, seen, QUICK) is None


def test_low_ratings_are_foretold_like_others_though_they_make_nothing_right() -> None:
    events = made_ratings().with_columns(time=pl.int_range(pl.len()).shuffle(seed=1))
    liked = dataset_of(events, positive_rating=3.0)
    fold = next(GlobalTime(test_share=0.3, validation_share=0).split(liked))
    said = rated(fold.test).values
    assert said.min() < 3 <= fold.test.values.min()
    every = next(GlobalTime(test_share=0.3, validation_share=0).split(dataset_of(events)))
    assert sorted(said) == sorted(rated(every.test).values)
    last = next(LastN(3).split(liked)).test  # other protocols do the same
    assert rated(last).values.min() < 3 <= last.values.min()
