"""A planted bias is found and its segment named; residuals by hand."""

from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest

from slatewright.core.arrays import Index, Scores
from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.data.splits import Cases, GlobalTime, KFold
from slatewright.evaluate.diagnosis.labels import months, pair_labels, user_labels
from slatewright.evaluate.diagnosis.residuals import Residuals, banded, biases, furthest_off, residuals_of
from slatewright.evaluate.rated import rated
from slatewright.models import BiasedMF, Popularity

DAY = 86_400_000_000


def noisy_world(seed: int = 4) -> Dataset:
    """Noise about 3.5; people of NL say one point less of wine, and the level of users is no clue to it."""
    rng = np.random.default_rng(seed)
    rows = []
    for user in range(240):
        for item in rng.permutation(60)[:24]:
            planted = -1.0 * (user % 3 == 0) * (item < 30)
            rows.append((f"u{user:03}", f"i{item:02}", 3.5 + planted + rng.normal(0, 0.5), int(rng.integers(90)) * DAY))
    events = pl.DataFrame(rows, schema=["user_id", "item_id", "value", "time"], orient="row")
    users = pl.DataFrame({"user_id": [f"u{at:03}" for at in range(240)], "country": ["NL", "GB", "DE"] * 80})
    items = pl.DataFrame({"item_id": [f"i{at:02}" for at in range(60)], "shelf": ["wine"] * 30 + ["tea"] * 30})
    return dataset_of(events.with_columns(kind=pl.lit("rating")), user_facts=users, item_facts=items)


FOLD = next(KFold(4, validation_share=0).split(noisy_world()))


@dataclass(frozen=True)
class Flat:
    """Predicts one number for everybody."""

    level: float = 3.0

    def predict(self, histories: Histories, rows: Index, items: Index) -> Scores:
        return np.full(len(rows), self.level, dtype=np.float32)


def labels_of(found: Residuals, cases: Cases) -> pl.DataFrame:
    shelf = pl.DataFrame({"shelf": cases.items.names.replace_strict(dict(_shelves())).to_list()})
    return pair_labels(user_labels(cases), shelf, found.case, found.item)


def _shelves() -> list[tuple[str, str]]:
    return [(f"i{at:02}", "wine" if at < 30 else "tea") for at in range(60)]


def test_a_planted_bias_is_found_and_its_segment_named() -> None:
    found = residuals_of(BiasedMF(embedding_dim=1, reg=9.0, epochs=8).fit(FOLD.train), FOLD.test)
    worst = next(one for one in biases(found, labels_of(found, FOLD.test)) if one.under_served)
    assert worst.group.name in ("country: NL, shelf: wine", "shelf: wine, country: NL")
    assert worst.residual.value < 0
    assert worst in furthest_off(biases(found, labels_of(found, FOLD.test)), under_served=True)
    by_name = {one.group.name: one for one in biases(found, labels_of(found, FOLD.test))}
    assert by_name["country: NL, shelf: tea"].residual.value > 0  # the mean of the two is right, neither of them is
    assert not by_name["country: GB"].real


def test_a_flat_prediction_is_off_by_what_is_left() -> None:
    found = residuals_of(Flat(3.0), FOLD.test)  # type: ignore[arg-type]
    np.testing.assert_allclose(found.residual, FOLD.test.values - 3.0, rtol=1e-6)
    (only,) = [one for one in biases(found, labels_of(found, FOLD.test)) if one.group.name == "country: GB"]
    mine = (labels_of(found, FOLD.test)["country"] == "GB").to_numpy()
    assert only.residual.value == pytest.approx(found.residual[mine].mean())
    assert only.rmse == pytest.approx(np.sqrt(np.square(found.residual[mine]).mean()))
    assert only.others_rmse == pytest.approx(np.sqrt(np.square(found.residual[~mine]).mean()))


def test_times_are_those_of_the_last_word() -> None:
    found = residuals_of(Flat(), FOLD.test)  # type: ignore[arg-type]
    for at in (0, 57, len(found) - 1):
        events = FOLD.test.events
        mine = (events.user == found.case[at]) & (events.item == found.item[at])
        assert found.times[at] == events.time[mine].max()
    assert months(found.times).str.contains(r"^1970-0[1-3]$").all()


def test_only_what_was_rated_last_is_a_rating() -> None:
    rows = [
        ("u", "i", "rating", 4.0, 1),
        ("u", "j", "view", 1.0, 5),
        ("u", "k", "rating", 2.0, 6),
        ("u", "j", "rating", 3.0, 7),
    ]
    rows += [
        ("u", "k", "view", 1.0, 8),
        ("v", "i", "view", 1.0, 5),
        ("v", "j", "view", 1.0, 1),
        ("v", "k", "rating", 1.0, 1),
    ]
    events = dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id", "kind", "value", "time"], orient="row"))
    fold = next(GlobalTime(at="1970-01-01T00:00:00.000005", validation_share=0).split(events))
    cases = rated(fold.test)
    assert cases.offsets.tolist() == [0, 1, 1]
    assert cases.items.names_of(cases.relevant).to_list() == ["j"]
    assert cases.values.tolist() == [3.0]


def test_predictions_fall_into_bands() -> None:
    names = banded(np.linspace(1, 5, 100, dtype=np.float32))
    assert sorted(set(names)) == ["1.00 to 1.80", "1.80 to 2.60", "2.60 to 3.40", "3.40 to 4.20", "4.20 to 5.00"]
    assert {names.count(name) for name in set(names)} == {20}
    assert banded(np.full(3, 2.5, np.float32)) == ["2.50"] * 3


def test_a_model_that_only_ranks_has_no_residuals() -> None:
    with pytest.raises(BadInput, match="residuals need a model that predicts ratings"):
        residuals_of(Popularity().fit(FOLD.train), FOLD.test)


def test_nothing_to_judge_by() -> None:
    nobody = FOLD.test.take(np.zeros(0, np.int64))
    with pytest.raises(BadInput, match="there are no residuals"):
        residuals_of(Flat(), nobody)  # type: ignore[arg-type]
