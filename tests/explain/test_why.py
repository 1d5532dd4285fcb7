from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import orjson
import pytest

from slatewright.core.arrays import Index, Mask
from slatewright.core.errors import NotThere
from slatewright.explain import Explanation, why, why_not
from slatewright.explain.words import digits_of, sentences
from slatewright.pipeline import MMR, AtLeast, Constraints, ExcludeFilter, Pipeline, Query, Request, TopK, World
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe


def ask(item_id: str, pipeline: Pipeline | None = None, **wishes: Any) -> Explanation:
    pipeline = pipeline or town_pipeline()
    asked: dict[str, Any] = {"k": 3, "now": AS_OF, "user_id": "u000"} | wishes
    return why_not(pipeline, pipeline.query(Request(**asked)), item_id)


def shown(pipeline: Pipeline | None = None) -> str:
    return (pipeline or town_pipeline()).ask(Request(3, AS_OF, "u000")).item_ids[0]


def test_why_an_item_is_shown() -> None:
    pipeline, first = town_pipeline(), shown()
    slate = pipeline.ask(Request(3, AS_OF, "u000"))
    found = why(pipeline, pipeline.query(Request(3, AS_OF, "u000")), first)
    assert (found.shown, found.position, found.place) == (True, 1, 1)
    assert found.score == slate.items[0].score
    assert sum(found.parts.values()) == pytest.approx(found.score, abs=1e-5)
    assert found.proposed[0].source == slate.items[0].source
    assert sum(one.share for one in found.because) <= 1.0001
    history = pipeline.world.catalogue.items.names_of(pipeline.query(Request(3, AS_OF, "u000")).history.items)
    assert {one.item_id for one in found.because} <= set(history)
    assert found.sentences[0] == f"{found.title} ({first}) stands at position 1 in the slate of u000."
    assert found.sentences[1].startswith("It was proposed by taste (rank ")
    assert "What speaks for it in the history, by taste: Tea " in found.sentences[2]


def test_the_rank_in_the_words_is_the_rank_in_the_proposal() -> None:
    pipeline, first = town_pipeline(), shown()
    slate = pipeline.ask(Request(3, AS_OF, "u000"))
    offers = dict(zip(slate.trace.source_names, slate.trace.proposals, strict=False))
    for one in ask(first).proposed:
        names = pipeline.world.catalogue.items.names_of(offers[one.source].items).to_list()
        assert names[one.rank - 1] == first
        assert one.of == len(names)


def test_why_not_because_it_came_too_late() -> None:
    pipeline = town_pipeline()
    slate = pipeline.ask(Request(25, AS_OF, "u000"))
    found = ask(slate.item_ids[5])
    assert (found.shown, found.place) == (False, 6)
    assert f"came to place 6 of {found.n_survivors}; the slate ends at 3." in found.sentences[1]


@pytest.mark.parametrize(
    ("item_id", "wishes", "words"),
    [
        ("i023", {}, "It cannot be sold now: its facts say that it is hidden or out of stock."),
        ("i002", {"exclude": ("i002",)}, "This request excludes it."),
        ("i001", {"categories": frozenset({"tea"})}, "It stands in coffee; the request wants only tea."),
        (
            "i001",
            {"exclude_categories": frozenset({"coffee"})},
            "It stands in coffee; the request does not want coffee.",
        ),
        ("i001", {"categories": frozenset()}, "It stands in coffee; the request wants only nothing."),
    ],
)
def test_why_not_because_of_a_filter(item_id: str, wishes: dict[str, Any], words: str) -> None:
    found = ask(item_id, user_id=None, **wishes)
    assert not found.shown
    assert words in found.sentences


def test_why_not_because_it_was_seen() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(3, AS_OF, "u000"))
    found = ask(pipeline.world.catalogue.items.name(int(query.history.items[0])))
    assert found.dropped_by == ("seen",)
    assert found.sentences[1].startswith("It is in the history already, last on 2024-")


def test_every_filter_that_drops_it_is_named() -> None:
    found = ask("i023", exclude=("i023",), categories=frozenset({"tea"}))
    assert found.dropped_by == ("unavailable", "category", "excluded")


def test_why_not_because_nobody_proposed_it() -> None:
    pipeline = Pipeline(town_recipe(sources=town_recipe().sources[:1]), town_pipeline().world)
    slate = pipeline.ask(Request(1, AS_OF, "u000"))
    proposed = set(pipeline.world.catalogue.items.names_of(slate.trace.proposals[0].items))
    far = next(name for name in pipeline.world.catalogue.items if name not in proposed and name != "i023")
    found = ask(far, pipeline, k=1)
    assert found.proposed == ()
    assert found.sentences[1] == f"No source proposed it: taste ranks it {found.model_ranks['taste']} of 25."
    assert found.model_ranks["taste"] > len(proposed)


def test_a_newcomer_is_called_one() -> None:
    found = ask("i024", user_id="stranger")
    assert "Nothing is known of this visitor yet, so the slate shows what newcomers see." in found.sentences
    assert ask("i024", user_id=None).sentences[0] == "Tea 24 (i024) is not in the slate of this visitor."


def test_a_filled_slate_says_so() -> None:
    pipeline = Pipeline(town_recipe(sources=()), town_pipeline().world)
    found = ask(shown(pipeline), pipeline)
    assert found.sentences[1] == "No source proposed it; it came in with the popular items that fill the slate."
    assert found.sentences[-1] == "The sources had too few items that may be shown, so popular ones fill the slate."


def test_where_an_order_moved_it() -> None:
    pipeline = Pipeline(town_recipe(orders=(TopK(), MMR(relevance=0.1))), town_pipeline().world)
    slate = pipeline.ask(Request(3, AS_OF, "u000"))
    found = ask(slate.item_ids[1], pipeline)
    assert found.moved[0].order == "variety"
    assert f"The order 'variety' moved it from place {found.moved[0].before} to 2." in found.sentences


@dataclass(frozen=True)
class Own:
    """A shop's own filter."""

    broken: bool
    name: str = "no odd items"

    def bind(self, world: World) -> "Own":
        return self

    def keep(self, query: Query, items: Index) -> Mask:
        if self.broken:
            raise KeyError("stock")
        even: Mask = items % 2 == 0
        return even


def test_a_rule_that_gave_way_is_told() -> None:
    orders = (TopK(), Constraints((AtLeast(2, "id == 'i000'"),)))
    found = ask("i001", Pipeline(town_recipe(orders=orders), town_pipeline().world))
    assert found.sentences[-1].startswith("Not every rule could hold: AtLeast(2, where=\"id == 'i000'\") cannot hold")
    assert not found.notes


def test_a_filter_of_the_shop_is_named() -> None:
    pipeline = Pipeline(town_recipe(filters=(Own(False),)), town_pipeline().world)
    assert "The filter 'no odd items' drops it." in ask("i001", pipeline).sentences


def test_a_broken_filter_is_told() -> None:
    pipeline = Pipeline(town_recipe(filters=(ExcludeFilter(), Own(True))), town_pipeline().world)
    found = ask("i002", pipeline)
    assert found.fallback == "closed"
    assert "A filter broke. What may be shown is then unknown, so nothing is shown." in found.sentences
    assert "Something broke on the way and was passed over: filter no odd items: KeyError: 'stock'." in found.sentences


def test_an_item_that_the_shop_does_not_have() -> None:
    with pytest.raises(NotThere, match="has no item 'i999'"):
        ask("i999")


def test_as_json() -> None:
    found = ask(shown())
    raw = orjson.loads(orjson.dumps(found.as_dict()))
    assert raw["shown"] is True
    assert raw["parts"].keys() == {"taste", "together", "popular"}
    assert np.isclose(sum(raw["parts"].values()), raw["score"], atol=1e-5)


def test_why_not_because_the_pool_has_no_room() -> None:
    pipeline = Pipeline(town_recipe(candidates=3), town_pipeline().world)
    trace = pipeline.ask(Request(3, AS_OF, "u000")).trace
    item = int(trace.pool.items[trace.dropped_by == trace.filter_names.index("pool")][0])
    found = ask(pipeline.world.catalogue.items.name(item), pipeline)
    assert found.dropped_by == ("pool",)
    assert "It passed every filter, but the sources agree more on other items: it was proposed by" in found.sentences[1]


def test_small_chances_are_told_with_digits_and_of_many_parts_the_largest() -> None:
    found = replace(ask(shown()), score=0.0321, parts={f"part {n}": 0.001 * n for n in range(1, 8)} | {"base": 0.0041})
    query = town_pipeline().query(Request(3, AS_OF, "u000"))
    said = sentences(found, query, town_pipeline().world.catalogue)
    told = next(one for one in said if one.startswith("Its score is"))
    assert told == (
        "Its score is 0.0321: part 7 +0.0070, part 6 +0.0060, part 5 +0.0050, base +0.0041, part 4 +0.0040, "
        "part 3 +0.0030, all else +0.0030."
    )
    assert (digits_of([8.8, 0.001]), digits_of([0.5]), digits_of([-0.002]), digits_of([])) == (2, 4, 6, 2)
    assert (digits_of([0.014, -0.003]), digits_of([3e-7]), digits_of([1e-300]), digits_of([0.0])) == (4, 9, 12, 2)
