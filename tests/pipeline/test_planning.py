"""Plans by hand: fixed speeds, fixed room."""

from dataclasses import dataclass

import pytest

from slatewright.core.errors import NoRoom
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.models import EASE, Popularity, SASRec, WeightedBlend
from slatewright.models.costs import FLOPS, GATHERS, WORK_KINDS, Cost, Size
from slatewright.models.model import Estimator
from slatewright.models.shapes import ItemScores
from slatewright.pipeline.learning import learn
from slatewright.pipeline.planning import (
    COMPILED,
    ENGINE,
    STARTED,
    Planned,
    alternatives,
    check_room,
    cost_of,
    engine_left,
    house,
    in_words,
    kept_bytes,
    plan,
    plan_lessons,
)
from slatewright.pipeline.recipe import Recipe
from slatewright.testing.worlds import two_tastes

SIZE = Size.guess(n_users=1000, n_items=400_000, n_events=5000)
SPEEDS = dict.fromkeys(WORK_KINDS, 1e6)


@dataclass(frozen=True)
class Heavy:
    """Says that it needs what it is told to."""

    memory: float = 3e9

    def fit(self, dataset: Dataset) -> ItemScores:
        raise AssertionError("must not be started")

    def cost(self, size: Size) -> Cost:
        return Cost(self.memory, {FLOPS: 2e6, GATHERS: 1e6})


@dataclass(frozen=True)
class Silent:
    """Tells no cost."""

    def fit(self, dataset: Dataset) -> ItemScores:
        return Popularity().fit(dataset)


def test_a_learned_score_fits_everything_twice_and_then_has_its_lessons() -> None:
    fits = [Planned("taste", "ALS", 1e6, 10.0, True), Planned("own", "Mine", None, None, True)]
    early, own, lessons = plan_lessons(fits, 0.2, Planned("", "teach the score", 1e7, 3.0, True))
    assert (early.name, early.what, early.memory, early.seconds) == ("taste", "ALS to the earlier part", 1e6, 8.0)
    assert own.seconds is None
    assert (lessons.what, lessons.seconds) == ("teach the score", 3.0)


def test_a_step_takes_its_work_over_the_speed_and_stands_on_the_data_set() -> None:
    reading, heavy, silent = plan({"a": Heavy(), "b": Silent()}, SIZE, speeds=SPEEDS, free=2e9)
    assert reading.what == "read the events"
    assert heavy.seconds == pytest.approx(3.0)
    assert heavy.memory == pytest.approx(3e9 + kept_bytes(SIZE))
    assert not heavy.fits
    assert (silent.memory, silent.seconds, silent.fits) == (None, None, True)


def test_what_cannot_fit_is_refused_and_what_can_is_named() -> None:
    with pytest.raises(NoRoom, match=r"EASE under the name 'pairs' needs about 6.* these fit: .*SLIM"):
        check_room({"pairs": EASE()}, SIZE, free=8e9)
    with pytest.raises(NoRoom, match="Nothing fits"):
        check_room({"pairs": EASE()}, SIZE, free=1e3)
    check_room({"pairs": EASE(), "popular": Popularity()}, SIZE, free=1e12)


def test_alternatives_fit() -> None:
    names = [one.what for one in alternatives(SIZE, 8e9)]
    assert "Popularity" in names
    assert "EASE" not in names
    assert "TwoTower" not in names, "it needs an extra that may not be installed"


def test_nothing_is_fitted_when_something_has_no_room() -> None:
    recipe = Recipe(estimators={"heavy": Heavy(memory=1e18)}, sources=())
    with pytest.raises(NoRoom, match="Heavy under the name 'heavy'"):
        learn(recipe, dataset_of(two_tastes()))


def test_neural_estimators_bring_their_engine_along_also_as_parts_of_others() -> None:
    size = Size.guess(n_users=50, n_items=20, n_events=400)
    blend = WeightedBlend((Popularity(), SASRec()))
    for one in (SASRec(), blend):
        cost = cost_of(one, size)
        assert cost is not None
        assert cost.memory == one.cost(size).memory + ENGINE
        later = cost_of(one, size, running=True)
        assert later is not None
        assert later.memory == cost.memory - STARTED
        check_room({"second": one}, size, free=later.memory, running=True)
        with pytest.raises(NoRoom):
            check_room({"first": one}, size, free=later.memory)
        told = plan({"one": one}, size, speeds=SPEEDS, free=1e12)[1]
        assert (told.memory, told.seconds) == (kept_bytes(size) + cost.memory, None), "its time was never measured"
    assert cost_of(Popularity(), size) == Popularity().cost(size)


def test_an_engine_that_a_fit_started_stays_for_those_after_it() -> None:
    size = Size.guess(n_users=50, n_items=20, n_events=400)
    one, popular = SASRec(), Popularity()
    row: dict[str, Estimator] = {"before": popular, "first": one, "second": one, "third": one, "after": popular}
    told = {step.name: step.memory for step in plan(row, size, speeds=SPEEDS, free=1e12)[1:]}
    alone, bare = kept_bytes(size) + one.cost(size).memory, kept_bytes(size) + popular.cost(size).memory
    assert (told["first"], told["second"], told["third"]) == (alone + ENGINE, alone + ENGINE, alone + ENGINE + COMPILED)
    assert (told["before"], told["after"]) == (bare, bare + STARTED + 2 * COMPILED)
    assert engine_left(row.values()) == STARTED + 2 * COMPILED
    assert engine_left([popular]) == 0
    room = popular.cost(size).memory
    with pytest.raises(NoRoom, match="SASRec under the name 'first'"):
        check_room(row, size, free=room)
    with pytest.raises(NoRoom, match="SASRec under the name 'third'"):
        check_room(row, size, free=one.cost(size).memory + ENGINE + COMPILED - 1)
    check_room(row, size, free=one.cost(size).memory + ENGINE - STARTED + 2 * COMPILED, running=True)


def test_the_house_has_every_estimator_that_needs_no_parts() -> None:
    names = {type(one).__name__ for one in house()}
    assert {"ALS", "EASE", "ItemKNN", "Popularity"} <= names


def test_sizes_in_words() -> None:
    assert [in_words(size) for size in (12, 3400, 5.6e6, 1.25e12)] == ["12 B", "3.4 kB", "5.6 MB", "1,250.0 GB"]
