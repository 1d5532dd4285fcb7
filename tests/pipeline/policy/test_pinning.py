import numpy as np
import pytest

from slatewright.pipeline import Pipeline, Request
from slatewright.pipeline.contracts import Candidates
from slatewright.pipeline.policy import Pin, PinnedSource, PinOrder, Rule
from slatewright.pipeline.policy.pinning import MOST
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe
from tests.pipeline.policy.worlds import ITEMS, asked, small_world

PINS = (Pin('contains(id, "2")', position=3), Pin('id == "i005"', position=1), Pin("user.is_newcomer", position=50))


class TestPinnedSource(StageKit):
    stage = PinnedSource(PINS)


class TestPinOrder(StageKit):
    stage = PinOrder(PINS)


def arranged(*rules: Rule) -> list[int]:
    world = small_world()
    items = world.catalogue.items.locate(ITEMS["item_id"])[0]
    pool = Candidates(items, np.linspace(1, 0, 6, dtype=np.float32), np.zeros(6, dtype=np.int32))
    return [int(at) for at in np.asarray(PinOrder(rules).bind(world).arrange(asked(), pool))]


@pytest.mark.parametrize(
    ("rules", "order"),
    [
        ((), [0, 1, 2, 3, 4, 5]),
        ((Pin("price > 30"),), [3, 0, 1, 2, 4, 5]),
        ((Pin("price > 30", position=2), Pin("id == 'i0'", position=4)), [1, 3, 2, 0, 4, 5]),
        ((Pin("price > 30", position=2), Pin("price > 30", position=2)), [0, 3, 5, 1, 2, 4]),
        ((Pin("price > 30", position=3), Pin("price > 30", position=1)), [3, 0, 5, 1, 2, 4]),
        ((Pin("id == 'i1'", position=900),), [0, 2, 3, 4, 5, 1]),
        ((Pin("adult", when='request.surface == "cart"'), Pin("price > 1000")), [0, 1, 2, 3, 4, 5]),
        ((Pin("price > user.budget"),), [3, 0, 1, 2, 4, 5]),
    ],
)
def test_the_best_item_that_a_rule_names_comes_to_its_position(rules: tuple[Rule, ...], order: list[int]) -> None:
    assert arranged(*rules) == order


def test_the_source_brings_the_most_popular_items_that_are_named() -> None:
    world = town_pipeline().world
    popularity = world.popularity(30.0)
    found = PinnedSource((Pin("true"), Pin('id == "i024"'))).bind(world).propose(asked()).items.tolist()
    assert len(found) == MOST + 1
    assert found.pop(1) == world.catalogue.items.find("i024")  # the rules take turns
    assert popularity[found].tolist() == sorted(popularity[found], reverse=True)
    assert popularity[found].min() >= np.delete(popularity, found).max()


@pytest.mark.parametrize("user", ["u000", "u001", None])
def test_what_is_pinned_is_a_candidate_however_few_are_scored(user: str | None) -> None:
    town = town_pipeline()
    pinned = Pin('id == "i024"', position=2)  # which nobody ever bought
    pipeline = Pipeline(town_recipe(candidates=3), town.world).ruled((pinned,))
    assert pipeline.ask(Request(3, AS_OF, user)).item_ids[1] == "i024"
