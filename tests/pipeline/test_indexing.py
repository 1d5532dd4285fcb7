from slatewright.pipeline import NearestSource, Page, Quota, Row
from slatewright.pipeline.indexing import indexed, told
from slatewright.testing.town import town_pipeline, town_recipe


def test_every_source_that_needs_an_index_gets_one_and_equal_ones_share() -> None:
    needs = NearestSource("taste", limit=5, exact_below=0)
    recipe = town_recipe(
        sources=(needs, Quota(NearestSource("taste", limit=6, precision="f16", exact_below=0), most=2)),
        newcomers=(NearestSource("taste", limit=7, precision="f32"),),
        pages={
            "home": Page(
                (Row("For you", sources=(needs,)), Row("More", sources=(NearestSource("taste", 8, exact_below=0),)))
            )
        },
    )
    world = indexed(recipe, town_pipeline().world)
    assert list(world.indexes) == ["taste/int8-5", "taste/f16-6", "taste/int8-8"]
    assert list(told(world.indexes, "taste")["indexes"]) == ["int8-5", "f16-6", "int8-8"]
    assert told(world.indexes, "tas") == {}
