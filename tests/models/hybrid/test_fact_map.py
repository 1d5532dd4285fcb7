"""Vectors from facts: the town's warm item, the choice of the penalty, and another shop."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.models import ALS, FactMap, FactorMap
from slatewright.models.factorisation.sweeping import eigenbasis
from slatewright.models.hybrid.fact_map import TRIED, took
from slatewright.models.shapes import Factors
from slatewright.testing.town import town
from slatewright.testing.worlds import two_tastes


def learned() -> tuple[Factors, FactorMap]:
    model = ALS(embedding_dim=4, epochs=8).fit(town())
    return model, FactMap(reg=1.0).learn(model, town().item_facts)


def other_shop() -> Dataset:
    """Other names, other people, the same two tastes: a quarter of the items sold, the others new."""
    events = two_tastes(20, 24, rng=7).with_columns(pl.format("x{}", "item_id").alias("item_id"))
    facts = pl.DataFrame(
        {"item_id": [f"xi{at:03d}" for at in range(24)], "category": [("tea", "coffee")[at % 2] for at in range(24)]}
    )
    return dataset_of(events.filter(pl.col("item_id") < "xi006"), item_facts=facts)


def test_an_item_that_nobody_took_gets_a_vector_and_the_others_keep_theirs() -> None:
    model, mapped = learned()
    filled = mapped.fill(model, town())
    scores, before = filled.score(town().histories()), model.score(town().histories())
    even = np.arange(60) % 2 == 0
    assert scores[:60, 24][even].min() > scores[:60, 24][~even].max()
    np.testing.assert_allclose(scores[:60, :24], before[:60, :24], atol=0.05)
    gram = filled.item_factors.T @ filled.item_factors
    np.testing.assert_allclose(gram, np.diag(filled.spectrum), atol=1e-4 * filled.spectrum.max())


def test_an_item_that_comes_later_gets_its_vector_too() -> None:
    model, mapped = learned()
    facts = pl.concat([town().items.names.alias("item_id").to_frame(), town().item_facts], how="horizontal")
    fresh = pl.DataFrame(
        {"item_id": ["a-new-one"], "category": ["coffee"], "title": ["Coffee 99"], "available": [True]}
    )
    later = dataset_of(two_tastes(), item_facts=pl.concat([facts, fresh]))
    answer = mapped.fill(model, later).recommend(["u001", "u000"], 12)
    places = answer.filter(item_id="a-new-one")
    assert places["user_id"].to_list()[:1] == ["u001"]
    odd = answer.filter(user_id="u001")["item_id"].to_list()
    assert "a-new-one" in odd


def test_another_shop_is_opened_with_the_map_alone() -> None:
    _, mapped = learned()
    shop = other_shop()
    model = mapped.transfer(shop)
    unsold = [f"xi{at:03d}" for at in range(6, 24)]
    users = [user for user in shop.users if len(shop.histories().items_of(shop.users.find(user) or 0))]
    best = model.recommend(users, 9, candidates=unsold)
    parity = best["item_id"].str.slice(2).cast(pl.Int32) % 2 == best["user_id"].str.slice(2).cast(pl.Int32) % 2
    assert parity.mean() == 1.0


def test_the_penalty_is_chosen_on_items_held_out() -> None:
    draw = np.random.default_rng(0)
    model = ALS(embedding_dim=4, epochs=4).fit(town())
    assert FactMap().learn(model, town().item_facts).reg in TRIED
    noise = pl.DataFrame({"title": [" ".join(draw.choice(list("abcdefgh"), 4)) for _ in range(25)]})
    assert FactMap().learn(model, noise).reg == TRIED[-1]  # facts that say nothing are doubted most


def test_arrays_bring_it_back() -> None:
    _, mapped = learned()
    back = FactorMap.from_arrays(mapped.arrays())
    assert back.reg == mapped.reg == 1.0
    np.testing.assert_array_equal(back.vectors(town().item_facts), mapped.vectors(town().item_facts))
    np.testing.assert_array_equal(back.transfer(other_shop()).item_factors, mapped.transfer(other_shop()).item_factors)


def test_facts_of_other_items_are_refused() -> None:
    model, _ = learned()
    with pytest.raises(BadInput, match="needs the facts of the model's 25 items, got 3 rows"):
        FactMap().learn(model, town().item_facts[:3])


def test_only_what_somebody_took_teaches() -> None:
    model, _ = learned()
    assert took(model).tolist() == [True] * 24 + [False]
    assert eigenbasis(model.crowd)[0].shape == (4,)
