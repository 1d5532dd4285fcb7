from functools import cache

import polars as pl
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.explain import why
from slatewright.explain.facts_in_common import shared_facts
from slatewright.models import Content, Estimator, FactFeatures, Popularity, WeightedBlend
from slatewright.pipeline import BlendScore, ModelSource, Pipeline, Recipe, Request

MUGS = pl.DataFrame(
    {
        "item_id": ["a", "b", "c", "d"],
        "title": ["red mug", "blue mug", "garden fork", "garden spade"],
        "category": ["kitchen", "kitchen", "garden", "garden"],
        "price": [5.0, 5.0, 20.0, 30.0],
    }
)
EVENTS = pl.DataFrame({"user_id": ["u", "v", "w"], "item_id": ["a", "c", "d"], "kind": ["view"] * 3})
KNOBS = FactFeatures(text=("title",), piece_weight=0.0, number_weight=1.0, least_rows=1)


@cache
def pipeline() -> Pipeline:
    content = Content(features=KNOBS)
    estimators: dict[str, Estimator] = {
        "facts": content,
        "both": WeightedBlend((Popularity(), content)),
        "popular": Popularity(),
    }
    score = BlendScore({"facts": 1.0, "popular": 0.1})
    return Pipeline.fit(Recipe(estimators, [ModelSource("facts")], score=score), dataset_of(EVENTS, item_facts=MUGS))


def test_what_a_mug_has_in_common_with_a_mug_is_said_in_words() -> None:
    query = pipeline().query(Request(3, 10**15, "u"))
    found = why(pipeline(), query, "b")
    assert found.shared_model == "facts"
    assert {one.words for one in found.shared} == {'title "mug"', "category kitchen", "price about 5"}
    assert sum(one.share for one in found.shared) == pytest.approx(1)
    assert [one.share for one in found.shared] == sorted((one.share for one in found.shared), reverse=True)
    (said,) = (one for one in found.sentences if one.startswith("What its facts have in common"))
    assert 'title "mug" (' in said
    assert found.as_dict()["shared"][0].keys() == {"words", "share"}


def test_pieces_of_words_are_told_as_one() -> None:
    content = Content(features=FactFeatures(text=("title",), word_weight=0.0, category_weight=0.0, number_weight=0.0))
    model = content.fit(dataset_of(EVENTS, item_facts=MUGS))
    query = pipeline().query(Request(3, 10**15, "v"))
    name, shared = shared_facts({"facts": model}, query, int(model.known.items.positions(["d"])[0]), {"facts": 1.0})
    assert (name, [(one.words, one.share) for one in shared]) == ("facts", [("the spelling of title", 1.0)])


def test_a_model_of_facts_inside_a_blend_speaks_too_and_others_have_nothing_to_say() -> None:
    query, models = pipeline().query(Request(3, 10**15, "u")), pipeline().world.models
    b = pipeline().world.catalogue.items.positions(["b"])[0]
    alone = shared_facts(models, query, b, {"facts": 1.0})[1]
    assert shared_facts(models, query, b, {"popular": 2.0, "both": 1.0}) == ("both", alone)
    assert shared_facts(models, query, b, {"popular": 2.0, "facts": -1.0, "gone": 1.0}) == (None, ())
