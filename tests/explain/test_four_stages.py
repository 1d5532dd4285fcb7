import orjson
import pytest

from slatewright.explain.four_stages import four_stages
from slatewright.pipeline import MMR, Pipeline, Request, TopK
from slatewright.pipeline.keeping import keep, kept
from slatewright.pipeline.running import run
from slatewright.testing.stages import REQUESTS
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe


@pytest.mark.parametrize("asked", REQUESTS, ids=str)
def test_a_kept_answer_tells_the_same_as_a_live_one(asked: str) -> None:
    pipeline = town_pipeline()
    told = four_stages(pipeline, run(pipeline.stages, pipeline.query(REQUESTS[asked])))
    assert four_stages(pipeline, kept(keep(pipeline.ask(REQUESTS[asked]), "v")).outcome) == told
    assert orjson.loads(orjson.dumps(told.as_dict()))["k"] == REQUESTS[asked].k


def test_the_stages_add_up() -> None:
    town = town_pipeline()
    pipeline = Pipeline(town_recipe(orders=(TopK(), MMR(relevance=0.3))), town.world)
    request = Request(3, AS_OF, "u000")
    told = four_stages(pipeline, run(pipeline.stages, pipeline.query(request)))
    slate = pipeline.ask(request)
    assert tuple(item.item_id for item in told.slate) == slate.item_ids
    assert told.candidates - sum(one.dropped for one in told.filters) == told.survivors
    assert [one.item.item_id for one in told.orders[-1].first] == list(slate.item_ids)
    by_marks = [one.item.item_id for one in told.marked]
    for one in told.orders[0].first:  # plain top-k leaves everything where the marks put it
        assert one.before == one.place
    for one in told.orders[-1].first:
        assert by_marks.index(one.item.item_id) + 1 == one.before
    assert any(one.before != one.place for one in told.orders[-1].first)
    marks = [marked.mark for marked in told.marked]
    assert marks == sorted(marks, reverse=True)
    for marked in told.marked:
        assert sum(marked.parts.values()) == pytest.approx(marked.mark, abs=1e-5)


def test_each_offer_tells_its_fate() -> None:
    pipeline = town_pipeline()
    request = Request(3, AS_OF, "u000", exclude=("i001",), categories=None)
    told = four_stages(pipeline, run(pipeline.stages, pipeline.query(request)))
    positions = {item.item_id: at for at, item in enumerate(told.slate, start=1)}
    dropped = {item.item_id: one.filter for one in told.filters for item in one.first}
    offers = [offer for source in told.sources for offer in source.first]
    assert {offer.dropped_by for offer in offers} >= {None, "seen"}
    for offer in offers:
        assert offer.position == positions.get(offer.item.item_id)
        assert offer.dropped_by == dropped.get(offer.item.item_id)
    assert told.history[0].item_id == pipeline.world.catalogue.items.name(
        int(pipeline.query(request).history.items[-1])
    )
