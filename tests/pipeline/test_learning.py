import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.dataset import dataset_of
from slatewright.models import Popularity
from slatewright.pipeline import Pipeline, PopularSource, Recipe
from slatewright.pipeline.learning import learn
from slatewright.pipeline.teaching.besides import Besides
from slatewright.testing.town import town, town_recipe, town_slates


def test_every_estimator_is_fitted_under_its_name_and_told_of() -> None:
    told: list[tuple[str, int, int]] = []
    recipe = Recipe({"a": Popularity(), "b": Popularity(half_life_days=1)}, [PopularSource()])
    world = learn(recipe, town(), progress=lambda *step: told.append(step))
    assert told == [("fit a", 0, 2), ("fit b", 1, 2), ("fit", 2, 2)]
    for name, estimator in recipe.estimators.items():
        query = town().histories().take(np.array([0], dtype=np.int32))
        np.testing.assert_array_equal(world.models[name].score(query), estimator.fit(town()).score(query))
    assert world.as_of == town().as_of


def test_a_world_knows_what_its_users_were_shown() -> None:
    world = learn(town_recipe(), town(), besides=Besides(town_slates()))
    shown = world.known.histories.shown
    assert shown is not None
    assert len(shown) == town().n_users
    assert shown.one(0).items.tolist() == [1, 3, 5, 1, 3]
    assert len(shown.items) == 5
    assert learn(Recipe({}, [PopularSource()]), town()).known.histories.shown is None


def test_an_empty_log_cannot_be_learned_from() -> None:
    empty = dataset_of(pl.DataFrame(schema={"user_id": pl.String, "item_id": pl.String}))
    with pytest.raises(BadInput, match="nothing to learn from"):
        Pipeline.fit(Recipe.default(), empty)
