import numpy as np
import polars as pl

from slatewright.data.dataset import dataset_of
from slatewright.pipeline.fact_popularity import MOST_VALUES, FactPopularity

EVENTS = pl.DataFrame(
    {"user_id": ["u", "u", "v", "v", "w"], "item_id": ["a", "a", "a", "b", "c"], "time": [1, 2, 3, 4, 5]}
)


def counted(**facts: object) -> FactPopularity:
    users = pl.DataFrame({"user_id": ["u", "v", "w"]} | facts)
    return FactPopularity.of(dataset_of(EVENTS, user_facts=users))


def test_shares_by_hand() -> None:
    found = counted(country=["FR", "FR", "DE"])
    np.testing.assert_allclose(found.score({"country": "FR"}), [2 / 3, 1 / 3, 0], rtol=1e-6)  # u has a twice: one user
    assert found.score({"country": "DE"}).tolist() == [0, 0, 1]


def test_several_facts_add_up_and_unknown_ones_say_nothing() -> None:
    found = counted(country=["FR", "FR", "DE"], member=[True, False, None])
    np.testing.assert_allclose(
        found.score({"country": "FR", "member": "true", "shoe": "42"}), [2 / 3 + 1, 1 / 3, 0], rtol=1e-6
    )
    assert not found.score({"country": "IT"}).any()
    assert not found.score({}).any()


def test_a_fact_with_too_many_values_makes_no_groups() -> None:
    names = [f"n{at}" for at in range(MOST_VALUES + 1)]
    events = pl.DataFrame({"user_id": names, "item_id": ["a"] * len(names)})
    found = FactPopularity.of(dataset_of(events, user_facts=pl.DataFrame({"user_id": names, "name": names})))
    assert found.values.height == 0


def test_without_facts_there_is_nothing_to_say() -> None:
    assert not FactPopularity.of(dataset_of(EVENTS)).score({"country": "FR"}).any()


def test_long_ago_by_hand() -> None:
    day = 86_400_000_000
    events = EVENTS.with_columns(pl.col("time") * day)
    dataset = dataset_of(events, user_facts=pl.DataFrame({"user_id": ["u", "v", "w"], "country": ["FR", "FR", "DE"]}))
    found = FactPopularity.counted(
        dataset.user_facts, dataset.histories(), dataset.n_items, as_of=4 * day, half_life_days=1.0
    )
    counts = np.array([0.25 + 0.5, 1, 0])  # u had a last on day 2, v had a on day 3 and b on day 4
    np.testing.assert_allclose(found.score({"country": "FR"}), counts / counts.sum(), rtol=1e-6)
