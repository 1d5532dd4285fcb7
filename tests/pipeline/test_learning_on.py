from dataclasses import replace

import numpy as np
import pytest

from slatewright.core.errors import BadInput, NotThere
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.models import MF, ItemKNN, Updating
from slatewright.models.rankers.linear import LinearRanker
from slatewright.pipeline import LearnedScore, ModelSource, Pipeline, PopularSource, Recipe
from slatewright.pipeline.learning_on import learn_on, learners
from slatewright.pipeline.teaching.besides import Besides
from slatewright.testing.town import town, town_slates
from slatewright.testing.worlds import two_tastes

MIDDLE = float(two_tastes()["time"].quantile(0.7) or 0)
RECIPE = Recipe(
    {"taste": MF(embedding_dim=4, epochs=2, batch_size=64), "together": ItemKNN(n_neighbors=5)},
    [ModelSource("taste"), ModelSource("together"), PopularSource()],
    score=LearnedScore(ranker=LinearRanker()),
)


def until(end: float) -> Dataset:
    events = two_tastes()
    return dataset_of(events.filter(events["time"] < end), as_of=int(end))


def test_a_learned_score_keeps_what_it_was_taught_and_all_else_knows_the_new_events() -> None:
    before, now = Pipeline.fit(RECIPE, until(MIDDLE)).world, dataset_of(two_tastes())
    told = list[str]()
    done = learn_on(RECIPE, before, now, Updating(), progress=lambda step, *_: told.append(step))
    assert done.world.taught is before.taught is not None
    assert list(done.reports) == ["taste"]
    assert told == ["fit taste", "fit together", "fit"]
    again = RECIPE.estimators["together"].fit(now).score(now.histories())
    np.testing.assert_array_equal(done.world.models["together"].score(now.histories()), again)
    assert len(Pipeline(RECIPE, done.world).recommend(["u000", "a stranger"], 3)) == 6


def test_what_users_were_shown_is_known_afterwards() -> None:
    recipe = replace(RECIPE, score=None)
    before = Pipeline.fit(recipe, until(MIDDLE)).world
    shown = learn_on(recipe, before, town(), Updating(), besides=Besides(town_slates())).world.known.histories.shown
    assert shown is not None
    assert shown.one(0).items.tolist() == [1, 3, 5, 1, 3]


def test_without_new_events_or_weights_there_is_nothing_to_learn() -> None:
    recipe = replace(RECIPE, score=None)
    before, now = Pipeline.fit(recipe, until(MIDDLE)).world, dataset_of(two_tastes())
    with pytest.raises(BadInput, match="nothing happened since"):
        learn_on(recipe, before, until(MIDDLE), Updating())
    weights = np.where(now.interactions.time >= before.as_of, 0, now.interactions.weight).astype(np.float32)
    idle = replace(now, interactions=replace(now.interactions, weight=weights))
    with pytest.raises(BadInput, match=r"no event since .* teaches anything"):
        learn_on(recipe, before, idle, Updating())


def test_what_cannot_learn_on_is_refused_before_anything_is_learned() -> None:
    before, now = Pipeline.fit(RECIPE, until(MIDDLE)).world, dataset_of(two_tastes())
    taste, together = RECIPE.estimators["taste"], RECIPE.estimators["together"]
    other = replace(RECIPE, estimators={"together": together, "taste": MF(embedding_dim=5)})
    told = list[str]()
    with pytest.raises(BadInput, match="MF learns on only from a model of MF with the same sizes"):
        learn_on(other, before, now, Updating(), progress=lambda step, *_: told.append(step))
    strange = replace(before, models={"taste": before.models["together"], "together": before.models["together"]})
    with pytest.raises(BadInput, match=f"got {type(taste).__name__} and"):
        learn_on(RECIPE, strange, now, Updating(), progress=lambda step, *_: told.append(step))
    assert not told


def test_who_learns_on_is_told_from_who_does_not() -> None:
    assert learners(RECIPE) == learners(RECIPE, ["taste"]) == ("taste",)
    with pytest.raises(BadInput, match=r"'together' is of ItemKNN, which cannot learn on; only MF, "):
        learners(RECIPE, ["together"])
    with pytest.raises(NotThere, match="no estimator 'nobody'"):
        learners(RECIPE, ["nobody"])
    with pytest.raises(BadInput, match="no estimator of the recipe can learn on"):
        learners(Recipe({"together": ItemKNN()}, [PopularSource()]))
