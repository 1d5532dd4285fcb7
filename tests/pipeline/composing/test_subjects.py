import pytest

from slatewright.pipeline import LastItems, Query, Request, TopCategories
from slatewright.pipeline.composing.subjects import About
from slatewright.testing.town import AS_OF, town_pipeline


def query_of(*items: str, user: str | None = None) -> Query:
    return town_pipeline().query(Request(5, AS_OF, user, items=items))


def words(about: About, query: Query) -> list[str]:
    return [" ".join(one.words.values()) for one in about.bind(town_pipeline().world).subjects(query)]


def test_the_last_items_come_newest_first_and_once() -> None:
    found = words(LastItems(), query_of("i000", "i003", "i000", "i005"))
    assert found == ["Coffee 5 looked at", "Tea 0 looked at", "Coffee 3 looked at"]


def test_only_items_of_the_wanted_kinds_count() -> None:
    assert words(LastItems(kinds=("purchase",)), query_of("i000", "i003")) == []
    assert words(LastItems(kinds=("view",)), query_of("i000")) == ["Tea 0 looked at"]


def test_the_sources_see_that_item_alone() -> None:
    subject = next(LastItems().bind(town_pipeline().world).subjects(query_of("i001", "i003")))
    assert subject.history is not None
    assert subject.history.items.tolist() == [3]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (("i000", "i002", "i001"), ["tea", "coffee"]),
        (("i001",), ["coffee"]),
        ((), ["coffee", "tea"]),  # everybody's
    ],
)
def test_categories_by_how_much_they_are_gone_to(items: tuple[str, ...], expected: list[str]) -> None:
    assert words(TopCategories(), query_of(*items)) == expected


def test_somebody_who_never_came_is_about_nothing_they_had() -> None:
    assert words(LastItems(), query_of(user="u060")) == []
