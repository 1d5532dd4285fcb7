import numpy as np

from slatewright.evaluate.frontier import Way, ways_of
from slatewright.evaluate.frontier.sweeping import arranged
from slatewright.evaluate.lists import lists_of
from slatewright.pipeline import MMR, Constraints, Pipeline, TopK
from slatewright.testing.town import town_recipe

from .worlds import fold, found, pipeline


def test_the_ways_are_the_recipe_and_every_family_with_the_rules_that_stay() -> None:
    ways = ways_of(pipeline())
    assert [way.name for way in ways[:2]] == ["the recipe", "marks alone"]
    assert {way.family for way in ways} == {"the recipe", "marks alone", "MMR", "DPP", "Calibrated", "Novelty"}
    assert all(isinstance(way.orders[-1], Constraints) for way in ways)
    assert len({way.name for way in ways}) == len(ways)


def test_pairs_span_no_volume() -> None:
    assert "DPP" not in {way.family for way in ways_of(pipeline(), "together")}
    assert {"MMR", "DPP"} <= {way.family for way in ways_of(pipeline(), "taste")}


def test_every_way_gives_what_its_pipeline_serves() -> None:
    cases = fold().test
    way = Way("mine", "MMR", "0.5", (TopK(), MMR(0.5, model="taste")))
    lists = arranged(pipeline(), [way], cases, 5)["mine"]
    served = lists_of(Pipeline(town_recipe(orders=way.orders), pipeline().world), cases, 5)
    np.testing.assert_array_equal(lists.items, served.items)
    np.testing.assert_array_equal(lists.counts, served.counts)
    np.testing.assert_allclose(lists.scores, served.scores, atol=1e-6)


def test_variety_is_gained_and_accuracy_lost() -> None:
    by_name = {point.name: point for point in found().points}
    marks, varied = by_name["marks alone"], by_name["MMR(relevance=0.3)"]
    assert varied.gain("diversity") > marks.gain("diversity")
    assert varied.gain("ndcg") < marks.gain("ndcg")
    assert by_name["the recipe"].metrics["recall"].value >= 0
