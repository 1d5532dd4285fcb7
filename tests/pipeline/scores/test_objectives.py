import numpy as np
import pytest

from slatewright.core.errors import BadInput, BadKnob
from slatewright.pipeline import Objective
from slatewright.pipeline.scores.objectives import distinct
from slatewright.testing.town import town_pipeline
from tests.pipeline.teaching.worlds import pipeline


def test_names_say_what_is_taken() -> None:
    assert [Objective().name, Objective(("view", "cart")).name] == ["anything", "view or cart"]
    twice = (Objective(("purchase",)), Objective(("purchase",), 2.0, "price"), Objective())
    assert distinct(twice) == {"purchase": ("purchase",), "anything": ()}


def test_worth_is_weight_times_fact() -> None:
    catalogue = pipeline().world.catalogue
    np.testing.assert_array_equal(Objective(weight=3.0).worths(catalogue), np.full(len(catalogue), 3.0))
    prices = catalogue.facts["price"].to_numpy()
    np.testing.assert_allclose(Objective(weight=0.5, worth="price").worths(catalogue), 0.5 * prices)


def test_a_worth_must_be_a_number_that_items_have() -> None:
    with pytest.raises(BadInput, match="there is none"):
        Objective(worth="title").worths(town_pipeline().world.catalogue)
    with pytest.raises(BadKnob, match="weight"):
        Objective(weight=float("inf"))
