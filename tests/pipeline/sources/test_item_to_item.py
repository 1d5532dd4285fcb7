from slatewright.core.arrays import Index
from slatewright.models import AssociationRules
from slatewright.pipeline import ItemToItemSource, Pipeline, Recipe
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town, town_pipeline


class TestItemToItemSource(StageKit):
    stage = ItemToItemSource("together", last=20, limit=5)


class TestItemToItemByFactors(StageKit):
    stage = ItemToItemSource("taste", last=3, limit=5)


def test_similarities_of_an_item_add_up_over_the_history() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(5, AS_OF, items=("i000", "i002")))
    proposal = ItemToItemSource("together", limit=24).bind(pipeline.world).propose(query)
    items, scores = pipeline.world.models["together"].similar(query.history.items, 24)
    for item, score in zip(proposal.items, proposal.scores, strict=True):
        assert abs(score - scores[items == item].sum()) < 1e-5
    assert all(name.startswith("i") and int(name[1:]) % 2 == 0 for name in _names(pipeline, proposal.items))


def test_only_the_last_items_count() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(5, AS_OF, items=("i001", "i000")))
    proposal = ItemToItemSource("together", last=1, limit=3).bind(pipeline.world).propose(query)
    assert all(int(name[1:]) % 2 == 0 for name in _names(pipeline, proposal.items))


def test_with_rules_it_is_what_is_bought_together_with_the_item_of_a_page() -> None:
    recipe = Recipe({"rules": AssociationRules(basket_minutes=None)}, (ItemToItemSource("rules", last=1),))
    pipeline = Pipeline.fit(recipe, town())
    query = pipeline.query(Request(5, AS_OF, items=("i000",)))
    proposal = ItemToItemSource("rules", last=1, limit=4).bind(pipeline.world).propose(query)
    assert len(proposal.items) == 4
    assert all(int(name[1:]) % 2 == 0 for name in _names(pipeline, proposal.items))


def _names(pipeline: Pipeline, items: Index) -> list[str]:
    return pipeline.world.catalogue.items.names_of(items).to_list()
