from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.errors import NotThere
from slatewright.pipeline import (
    Exclude,
    ItemToItemSource,
    LastItems,
    ModelScore,
    Page,
    Pin,
    Pipeline,
    PopularSource,
    Quota,
    RecentSource,
    Recipe,
    Request,
    Row,
    TitledSlate,
    TopCategories,
)
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe

BECAUSE = Row("Because you {did} {item}", sources=(ItemToItemSource("together", limit=10),), about=LastItems(), rows=2)
NEW = Row("New in {category}", sources=(RecentSource(days=900, limit=30),), about=TopCategories(), least=1)
PAGE = Page((Row("For you"), BECAUSE, NEW, Row("Popular", sources=(PopularSource(None),), least=1)))


def pipeline_of(page: Page, **changed: object) -> Pipeline:
    return Pipeline(town_recipe(pages={"home": page}, **changed), town_pipeline().world)


def rows_of(page: Page, request: Request) -> tuple[TitledSlate, ...]:
    pipeline = pipeline_of(page)
    return pipeline.compose(pipeline.query(request))


def test_rows_are_titled_and_no_item_stands_twice() -> None:
    rows = rows_of(PAGE, Request(3, AS_OF, "u000"))
    titles = [row.title for row in rows]
    assert titles[0] == "For you"
    assert titles[1].startswith("Because you")
    assert "New in tea" in titles
    shown = [item for row in rows for item in row.slate.item_ids]
    assert len(shown) == len(set(shown))


def test_the_first_row_is_what_the_recipe_answers() -> None:
    pipeline, request = pipeline_of(PAGE), Request(4, AS_OF, "u001")
    first = pipeline.compose(pipeline.query(request))[0].slate
    assert first.item_ids == pipeline.ask(request).item_ids


def test_a_row_about_an_item_holds_what_is_like_it_alone() -> None:
    request = Request(3, AS_OF, items=("i000", "i003"))
    row = rows_of(Page((replace(BECAUSE, rows=1),)), request)[0]
    assert row.title == "Because you looked at Coffee 3"
    assert {int(item[1:]) % 2 for item in row.slate.item_ids} == {1}
    assert "i003" not in row.slate.item_ids
    assert {placed.source for placed in row.slate.items} == {"similar by together"}


def test_a_row_about_a_category_stays_in_it_whatever_filters_it_has() -> None:
    rows = rows_of(Page((replace(NEW, filters=(), rows=2),)), Request(4, AS_OF, items=("i000", "i002", "i003")))
    assert [row.title for row in rows] == ["New in tea", "New in coffee"]
    assert [row.slot for row in rows] == ["new-in", "new-in-2"]
    for parity, row in enumerate(rows):
        assert {int(item[1:]) % 2 for item in row.slate.item_ids} == {parity}


def test_categories_that_a_request_does_not_want_are_no_row() -> None:
    tea = frozenset({"tea"})
    page = Page((replace(NEW, rows=2),))
    assert [row.title for row in rows_of(page, Request(3, AS_OF, categories=tea))] == ["New in tea"]
    assert [row.title for row in rows_of(page, Request(3, AS_OF, exclude_categories=tea))] == ["New in coffee"]


def test_rows_with_too_little_are_left_out_and_what_they_had_may_stand_below() -> None:
    few = Row("New", sources=(RecentSource(days=900, limit=2),), least=3)
    below = Row("Newest", sources=(RecentSource(days=900, limit=2),), least=1)
    rows = rows_of(Page((few, below)), Request(5, AS_OF))
    assert [row.title for row in rows] == ["Newest"]
    assert len(rows[0].slate.items) == 2


def test_a_row_of_fewer_items_than_its_least_is_there_when_no_more_were_asked_for() -> None:
    assert rows_of(PAGE, Request(1, AS_OF, "u001"))[0].title == "For you"


def test_somebody_unknown_gets_a_page_too() -> None:
    rows = rows_of(PAGE, Request(3, AS_OF, "nobody"))
    assert [row.title for row in rows] == ["For you", "New in coffee", "Popular"]


def test_a_row_may_bring_a_score() -> None:
    row = Row("Likely", sources=(PopularSource(None),), score=ModelScore("taste"))
    slate = rows_of(Page((row,)), Request(5, AS_OF, "u000"))[0].slate
    marks = [placed.score for placed in slate.items]
    assert marks == sorted(marks, reverse=True)
    assert slate.trace.marks.std() > 0


def test_slates_of_a_page_have_names_of_their_own_and_equal_ones_for_equal_queries() -> None:
    pipeline = pipeline_of(PAGE)
    query = pipeline.query(Request(3, AS_OF, "u000"))
    first, again = pipeline.compose(query), pipeline.compose(query)
    names = [row.slate.slate_id for row in first]
    assert len(set(names)) == len(names)
    assert names == [row.slate.slate_id for row in again]
    assert pipeline.answer(first[0].slate.trace.query).slate_id not in names
    assert {row.slate.trace.query.surface for row in first} == {"home"}


def test_a_page_that_is_not_there_is_said_so() -> None:
    with pytest.raises(NotThere, match="no page 'hom'; it has home"):
        town_pipeline().compose(town_pipeline().query(Request(3, AS_OF)), "hom")


def test_a_recipe_without_pages_has_a_home() -> None:
    titles = [row.title for row in town_pipeline().compose(town_pipeline().query(Request(3, AS_OF, "u000")))]
    assert titles[0] == "For you"
    assert set(titles) <= {"For you", "New", "Popular"}


def test_rules_of_the_shop_hold_in_every_row_whatever_filters_it_brings() -> None:
    open_row = Row("All", sources=(PopularSource(None, limit=30),), filters=(), least=1)
    pipeline = pipeline_of(Page((Row("For you"), open_row))).ruled((Exclude("id in ['i002', 'i004', 'i006']"),))
    rows = pipeline.compose(pipeline.query(Request(20, AS_OF, "u000")))
    assert "All" in [row.title for row in rows]
    assert not {"i002", "i004", "i006"} & {item for row in rows for item in row.slate.item_ids}


def test_a_pin_stands_in_rows_of_the_recipe_alone() -> None:
    own = Row("Coffee", sources=(PopularSource(None, limit=30),), slot="own", least=1)
    pipeline = pipeline_of(Page((replace(own, k=3), Row("For you")))).ruled((Pin("id == 'i024'"),))
    rows = pipeline.compose(pipeline.query(Request(3, AS_OF, "u000")))
    assert "i024" not in rows[0].slate.item_ids
    assert rows[1].slate.item_ids[0] == "i024"


@dataclass(frozen=True)
class _Broken:
    name: str = "broken"

    def bind(self, world: object) -> "_Broken":
        return self

    def propose(self, query: object) -> None:
        raise RuntimeError("no")


def test_a_source_that_breaks_costs_its_row_alone() -> None:
    rows = rows_of(Page((Row("Odd", sources=(_Broken(),)), Row("For you"))), Request(3, AS_OF, "u000"))  # type: ignore[arg-type]
    assert [row.title for row in rows] == ["For you"]


@given(
    user=st.sampled_from([None, "u000", "u001", "u060", "nobody"]),
    items=st.lists(st.sampled_from([f"i{at:03d}" for at in range(25)]), max_size=6),
    k=st.integers(1, 30),
    category=st.sampled_from([None, frozenset({"tea"}), frozenset[str]()]),
)
def test_no_page_shows_an_item_twice_or_one_that_is_excluded(
    user: str | None, items: list[str], k: int, category: frozenset[str] | None
) -> None:
    request = Request(k, AS_OF, user, items=tuple(items), exclude=("i004", "i005"), categories=category)
    rows = PAGED.compose(PAGED.query(request))
    shown = [item for row in rows for item in row.slate.item_ids]
    assert len(shown) == len(set(shown))
    assert not {"i004", "i005", "i023"} & set(shown)
    assert all(len(row.slate.items) <= k for row in rows)
    assert len({row.slot for row in rows}) == len(rows)


PAGED = Pipeline(Recipe(**{**vars(town_recipe()), "pages": {"home": PAGE}}), town_pipeline().world)


def test_marks_of_a_row_are_those_of_its_items() -> None:
    for row in PAGED.compose(PAGED.query(Request(3, AS_OF, "u000"))):
        assert np.isfinite([placed.score for placed in row.slate.items]).all()
        assert [placed.position for placed in row.slate.items] == list(range(1, len(row.slate.items) + 1))


def test_each_row_keeps_what_its_own_score_read() -> None:
    query = PAGED.query(Request(3, AS_OF, "u000"))
    query.read["earlier"] = query.exclude, np.zeros((0, 1), dtype=np.float32)
    read = [row.slate.trace.query.read for row in PAGED.compose(query)]
    assert read == [{}] * len(read)
    assert len({id(one) for one in read}) == len(read)


def test_a_source_about_an_item_has_its_places_of_the_pool_all_the_same() -> None:
    likes, new = Quota(ItemToItemSource("together"), least=2), RecentSource(days=900, limit=20)
    row = Row("Like {item}", sources=(new, new, likes), about=LastItems())
    pipeline = pipeline_of(Page((row,)), candidates=3)
    trace = pipeline.compose(pipeline.query(Request(3, AS_OF, items=("i000",))))[0].slate.trace
    kept = trace.pool.ranks[:, trace.dropped_by == 0]
    assert kept.shape[1] == 3
    assert (kept[2] > 0).sum() >= 2
