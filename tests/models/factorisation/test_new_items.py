"""Items after the fit: their vectors against a dense solve, and what the grown model answers."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.arrays import Frame
from slatewright.data.dataset import dataset_of
from slatewright.models import ALS, BPR, with_new_items
from slatewright.models.factorisation.new_items import weights_like
from slatewright.models.shapes import Factors
from slatewright.testing.worlds import two_tastes

LATE = ["i003", "i012"]


def before_and_after(estimator: ALS | BPR) -> tuple[Factors, Factors]:
    """A model fitted without two items, and the same model once it has met them."""
    events = two_tastes()
    model = estimator.fit(dataset_of(events.filter(~pl.col("item_id").is_in(LATE))))
    return model, with_new_items(model, dataset_of(events))


@pytest.mark.parametrize("discount", [0.0, 0.5])
def test_the_vector_of_a_new_item_solves_its_normal_equation(discount: float) -> None:
    model, grown = before_and_after(ALS(embedding_dim=5, popularity_discount=discount))
    everything, n_users = dataset_of(two_tastes()), len(model.known.users)
    users = model.user_factors(model.known.histories).astype(np.float64)
    item = grown.known.items.find(LATE[0])
    assert item is not None
    weights = np.asarray(everything.matrix()[:, [item]].todense()).ravel() * grown.item_weights[item]
    reg, exponent, unobserved = model.audience_penalty
    extra = np.where(weights > 0, weights - unobserved, 0)
    ridge = reg * ((weights > 0).sum() + unobserved * n_users) ** exponent
    left = unobserved * model.crowd + (users * extra[:, None]).T @ users + ridge * np.eye(5)
    wanted = users @ np.linalg.solve(left, users.T @ weights)
    known = everything.histories().only(~np.isin(everything.interactions.item, [item, item + 9]))
    found = grown.user_factors(known) @ grown.item_factors[item]
    np.testing.assert_allclose(found, wanted, atol=0.05)


@pytest.mark.parametrize("estimator", [ALS(embedding_dim=2), BPR(embedding_dim=2)])
def test_a_new_item_is_recommended_to_its_taste(estimator: ALS | BPR) -> None:
    model, grown = before_and_after(estimator)
    assert LATE[0] not in model.known.items
    scores = grown.score(grown.known.histories)
    even, odd = scores[0::2], scores[1::2]
    for name, right, wrong in ((LATE[0], odd, even), (LATE[1], even, odd)):
        at = grown.known.items.find(name)
        assert at is not None
        assert right[:, at].mean() > wrong[:, at].mean() + 0.3


def test_known_items_keep_their_scores_and_their_likeness() -> None:
    model, grown = before_and_after(ALS(embedding_dim=4))
    place = grown.known.items.positions(model.known.items.names)
    np.testing.assert_allclose(
        grown.item_factors[place] @ grown.item_factors[place].T, model.item_factors @ model.item_factors.T, atol=1e-4
    )
    gram = grown.item_factors.T @ grown.item_factors
    np.testing.assert_allclose(gram, np.diag(grown.spectrum), atol=1e-4 * grown.spectrum.max())
    np.testing.assert_array_equal(grown.item_weights[place], model.item_weights)


def test_an_item_that_nobody_took_has_zeros_and_nothing_new_changes_nothing() -> None:
    facts = pl.DataFrame({"item_id": ["a-newcomer"], "price": [1.0]})
    model = ALS(embedding_dim=4).fit(dataset_of(two_tastes()))
    grown = with_new_items(model, dataset_of(two_tastes(), item_facts=facts))
    at = grown.known.items.find("a-newcomer")
    assert at is not None
    assert not grown.item_factors[at].any()
    same = with_new_items(model, dataset_of(two_tastes()))
    np.testing.assert_allclose(same.score(same.known.histories), model.score(model.known.histories), atol=1e-4)


def _events(takers: dict[str, int]) -> Frame:
    rows = [(f"u{user}", item) for item, n in takers.items() for user in range(n)]
    return pl.DataFrame(rows, schema=["user_id", "item_id"], orient="row")


def test_an_event_weighs_as_on_the_known_item_with_the_closest_number_of_takers() -> None:
    model = ALS(embedding_dim=2, popularity_discount=0.5).fit(dataset_of(_events({"a": 1, "b": 4, "c": 9})))
    found = weights_like(model, np.array([0, 1, 2, 3, 5, 8, 20]))
    np.testing.assert_array_equal(found, model.item_weights[[0, 0, 0, 1, 1, 2, 2]])
