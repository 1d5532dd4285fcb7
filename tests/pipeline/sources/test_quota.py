import pytest

from slatewright.core.errors import BadKnob, NotThere
from slatewright.pipeline import EditorialSource, ItemToItemSource, ModelSource, Pipeline, PopularSource, Quota, Request
from slatewright.pipeline.stage_knobs import SourceKnobs
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe


class TestQuota(StageKit):
    stage = Quota(PopularSource(half_life_days=None), most=4, least=1)


def test_at_most_cuts_what_the_source_proposes() -> None:
    world = town_pipeline().world
    query = town_pipeline().query(Request(3, AS_OF, "u000"))
    whole = ModelSource("taste").bind(world).propose(query)
    cut = Quota(ModelSource("taste"), most=4).bind(world)
    assert cut.name == "taste"
    assert cut.propose(query).items.tolist() == whole.items[:4].tolist()
    assert Quota(ModelSource("taste")).bind(world).propose(query).items.tolist() == whole.items.tolist()


def test_at_least_keeps_the_best_of_a_source_in_a_pool_that_is_full() -> None:
    others = (ModelSource("taste", limit=3), ItemToItemSource("together", limit=5))  # even items, as u000 takes them
    picked = EditorialSource(("i001", "i003", "i005"))

    def kept(source: SourceKnobs) -> list[int]:
        recipe = town_recipe(sources=(*others, source), candidates=4, score=None)
        trace = Pipeline(recipe, town_pipeline().world).ask(Request(3, AS_OF, "u000")).trace
        assert trace.filter_names[-1] == "pool"
        survivors = trace.pool.items[trace.dropped_by == 0].tolist()
        assert len(survivors) == 4
        return [item for item in (1, 3, 5) if item in survivors]

    assert kept(picked) == [1]
    assert kept(Quota(picked, least=2)) == [1, 3]
    assert kept(Quota(picked, least=3)) == [1, 3, 5]


def test_a_quota_names_what_its_source_names() -> None:
    with pytest.raises(NotThere, match=r"ModelSource\(model='tast'\) asks for the model 'tast'"):
        town_recipe(sources=(Quota(ModelSource("tast")),))


def test_at_least_more_than_at_most_is_refused() -> None:
    with pytest.raises(BadKnob, match=r"Quota\.least must be at most Quota\.most, 3, got 4"):
        Quota(PopularSource(), most=3, least=4)
