import numpy as np
import polars as pl
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.models import Popularity
from slatewright.pipeline import Pipeline, PopularSource, Query, Recipe, Request, World
from slatewright.pipeline.orders.grouping import groups_of
from slatewright.testing.town import AS_OF
from slatewright.testing.worlds import two_tastes

ITEMS = np.array([3, 0, 2, 1], dtype=np.int32)


@pytest.fixture(scope="module")
def asked() -> tuple[World, Query]:
    facts = pl.DataFrame(
        {
            "item_id": ["i000", "i001", "i002", "i003"],
            "brand": ["Oak", None, "Ash", "Oak"],
            "category": ["tea|gift", "coffee", None, "gift"],
            "year": [2020, 2021, None, 2020],
        }
    )
    dataset = dataset_of(two_tastes(), as_of=AS_OF, item_facts=facts)
    pipeline = Pipeline.fit(Recipe({"popular": Popularity()}, [PopularSource()]), dataset)
    return pipeline.world, pipeline.query(Request(3, AS_OF))


def same(codes: np.typing.NDArray[np.int32]) -> list[list[bool]]:
    """Which items share a value."""
    return [[bool(set(a) & set(b) - {-1}) for b in codes.tolist()] for a in codes.tolist()]


@pytest.mark.parametrize(
    ("fact", "groups"),
    [
        ("brand", [{0, 1}]),  # places of items 3 and 0
        ("year", [{0, 1}]),
        ("category", [{0, 1}]),  # gift
    ],
)
def test_items_of_one_value_share_a_number(asked: tuple[World, Query], fact: str, groups: list[set[int]]) -> None:
    world, query = asked
    codes = groups_of(world, fact, "AtMost")(query, ITEMS)
    shared = same(codes)
    for a in range(4):
        for b in range(4):
            if a != b:
                assert shared[a][b] == any({a, b} <= group for group in groups)


def test_an_item_without_the_fact_has_no_number(asked: tuple[World, Query]) -> None:
    world, query = asked
    assert groups_of(world, "brand", "AtMost")(query, ITEMS)[3].tolist() == [-1]
    assert groups_of(world, "year", "AtMost")(query, ITEMS)[2].tolist() == [-1]
    assert groups_of(world, "category", "AtMost")(query, ITEMS)[2].tolist() == [-1, -1]


def test_facts_told_since_training_count(asked: tuple[World, Query]) -> None:
    world, query = asked
    world.item_facts.update({1: {"brand": "Ash"}})
    codes = groups_of(world, "brand", "AtMost")(query, ITEMS)
    assert codes[3] == codes[2]


def test_a_shelf_that_was_told_since_training_counts() -> None:
    facts = pl.DataFrame({"item_id": ["i000", "i001"], "genres": ["tea", "coffee"]})
    dataset = dataset_of(two_tastes(), as_of=AS_OF, item_facts=facts)
    world = Pipeline.fit(Recipe({"popular": Popularity()}, [PopularSource()]), dataset).world
    shelves, items = groups_of(world, "category", "AtMost"), np.array([0, 1], dtype=np.int32)
    query = Pipeline(Recipe({}, [PopularSource()]), world).query(Request(3, AS_OF))
    assert len(set(shelves(query, items)[:, 0])) == 2
    world.item_facts.update({1: {"genres": ["tea"]}})
    assert len(set(shelves(query, items)[:, 0])) == 1


def test_without_shelves_no_item_stands_on_one() -> None:
    world = Pipeline.fit(Recipe({}, [PopularSource()]), dataset_of(two_tastes(), as_of=AS_OF)).world
    query = Pipeline(Recipe({}, [PopularSource()]), world).query(Request(3, AS_OF))
    assert (groups_of(world, "category", "AtMost")(query, ITEMS) == -1).all()


def test_no_items_have_no_numbers(asked: tuple[World, Query]) -> None:
    world, query = asked
    assert groups_of(world, "category", "AtMost")(query, ITEMS[:0]).shape == (0, 1)
