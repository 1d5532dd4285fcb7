"""How likely, and when, a thing is bought once more."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import BuyItAgain
from slatewright.models.costs import Size
from slatewright.models.repeats.life_table import life_table, seen_and_expected
from slatewright.models.repeats.occasions import occasions_of
from slatewright.models.repeats.spells import interval_visits_of, spells_of
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import START, weekly_coffee

COFFEE, PAN, TEA = range(3)  # in order of index


class TestBuyItAgain(EstimatorKit):
    estimator = BuyItAgain()


class TestLately(EstimatorKit):
    estimator = BuyItAgain(horizon_days=3.0, shrinkage=0.0, half_life_days=10.0)


def test_ratios_are_the_means_of_gamma_posteriors() -> None:
    dataset = dataset_of(weekly_coffee())
    model = BuyItAgain(shrinkage=7.0).fit(dataset)
    occasions = occasions_of(dataset.histories(), dataset.as_of)
    spells = spells_of(occasions, interval_visits_of(occasions, 3, dataset.as_of), dataset.as_of)
    seen, expected = seen_and_expected(spells, life_table(spells), 3, dataset.as_of / DAY, None)
    assert seen.tolist() == [40 * 19, 0, 40 * 4]
    np.testing.assert_allclose(model.ratio, (seen + 7) / (expected + 7), rtol=1e-5)
    assert model.ratio[PAN] < 0.2 < model.ratio[TEA] < 1 < model.ratio[COFFEE]


def test_a_new_item_leans_on_its_shelf() -> None:
    facts = pl.DataFrame({"item_id": ["coffee", "pan", "pot", "beans"], "category": ["a", "b", "b", "a"]})
    dataset = dataset_of(weekly_coffee(), item_facts=facts)
    model = BuyItAgain().fit(dataset)
    ratio = dict(zip(dataset.items, model.ratio.tolist(), strict=True))
    assert ratio["pot"] < 0.3 < 1 < ratio["beans"]  # neither was ever bought


def test_it_is_time_for_coffee_after_a_week_and_for_tea_after_four() -> None:
    dataset = dataset_of(weekly_coffee(weeks=40))
    model = BuyItAgain(horizon_days=3).fit(dataset)
    history = dataset.histories().one(0)
    last = {item: int(history.times[history.items == item].max()) for item in (COFFEE, PAN, TEA)}
    for item, interval in ((COFFEE, 7), (TEA, 28)):
        dues, chances = [], []
        for days in (interval * 0.2, interval - 1):
            found = model.repeats(history, last[item] + int(days * DAY))
            dues.append(found.due[item])
            chances.append(found.chances[item])
        assert dues[0] < 0.4
        assert 0.7 < dues[1] < 1.2
        assert chances[1] > 3 * chances[0]


def test_a_score_is_a_chance_from_the_instant_of_training() -> None:
    dataset = dataset_of(weekly_coffee(), as_of=START + 100 * DAY)
    model = BuyItAgain(horizon_days=7).fit(dataset)
    histories = dataset.histories()
    scores = model.score(histories)
    assert ((scores >= 0) & (scores <= 1)).all()
    np.testing.assert_array_equal(scores, model.chances(histories, dataset.as_of))
    found = model.repeats(histories, dataset.as_of)
    owner = np.repeat(np.arange(len(histories)), np.diff(found.offsets))
    np.testing.assert_array_equal(scores[owner, found.items], found.chances)
    assert found.offsets[-1] == len(found.items) == len(found.due)


def test_chances_are_kept_by_what_happens_then() -> None:
    """400 users who buy each of five items whenever they like, at a rate of its own."""
    draw = np.random.default_rng(0)
    rows = [
        pl.DataFrame({"user_id": f"u{user:03d}", "item_id": f"i{item}", "time": START + (times * DAY).astype(np.int64)})
        for user in range(400)
        for item, rate in enumerate((0.02, 0.03, 0.04, 0.06, 0.08))
        if len(times := np.cumsum(draw.exponential(1 / rate, 40)))
    ]
    events = pl.concat(rows)
    now = START + 120 * DAY
    early = dataset_of(events, as_of=now)
    model = BuyItAgain(horizon_days=7).fit(early)
    found = model.repeats(early.histories(), now)
    foreseen = np.bincount(found.items, found.chances) / np.bincount(found.items)
    soon = events.filter(pl.col("time").is_between(now, now + 7 * DAY, closed="left")).unique(["user_id", "item_id"])
    users, items = early.users.locate(soon["user_id"])[0], early.items.locate(soon["item_id"])[0]
    had = early.matrix()[users, items].A1 > 0
    real = np.bincount(items[had], minlength=5) / np.bincount(found.items)
    np.testing.assert_allclose(foreseen, real, rtol=0.2)


def test_a_longer_horizon_and_more_purchases_mean_a_higher_chance() -> None:
    dataset = dataset_of(weekly_coffee())
    short, long = (BuyItAgain(horizon_days=days).fit(dataset).score(dataset.histories()) for days in (5, 20))
    assert (long >= short).all()
    assert long[:, COFFEE].mean() > short[:, COFFEE].mean()


def test_what_was_never_bought_has_the_chance_of_a_first_purchase() -> None:
    rows = weekly_coffee(n_users=10, weeks=1)  # ten visits: coffee each time, a pan each time
    model = BuyItAgain(horizon_days=30).fit(dataset_of(rows))
    assert model.first_rate[:2].tolist() == [1, 1]
    score = model.score(Histories.of([[]]))[0]
    np.testing.assert_allclose(score[:2], 1 - np.exp(-1), rtol=1e-5)  # one visit in 30 days


def test_reasons_share_the_chance_among_the_purchases_of_the_item() -> None:
    dataset = dataset_of(weekly_coffee())
    model = BuyItAgain().fit(dataset)
    history = dataset.histories().one(3)
    parts = model.reasons(history, COFFEE)
    mine = history.items == COFFEE
    assert parts.sum() == pytest.approx(model.score(history)[0, COFFEE], rel=1e-5)
    assert (parts[mine] == parts[mine][0]).all()
    assert not parts[~mine].any()


def test_views_do_not_count_as_buying() -> None:
    rows = weekly_coffee()
    looks = rows.filter(item_id="pan").with_columns(kind=pl.lit("view"), time=pl.col("time") + 9 * DAY)
    with_looks, without = (BuyItAgain().fit(dataset_of(one)) for one in (pl.concat([rows, looks]), rows))
    np.testing.assert_array_equal(with_looks.ratio, without.ratio)


def test_the_cost_grows_with_the_events() -> None:
    small, large = (BuyItAgain().cost(Size.guess(n_users=100, n_items=100, n_events=n)) for n in (10_000, 100_000))
    assert large.memory == pytest.approx(10 * small.memory, rel=0.2)
    assert all(large.work[kind] == 10 * amount for kind, amount in small.work.items())
