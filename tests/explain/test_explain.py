import subprocess
import sys
from typing import Any

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput, MissingExtra, NotThere
from slatewright.data.histories import Histories
from slatewright.explain import explain
from slatewright.explain.of_histories import NOTHING_KNOWN
from slatewright.models import ItemKNN
from slatewright.testing.town import town, town_pipeline

from .planted import ranker, rows

MODEL = ItemKNN(n_neighbors=20).fit(town())


def test_one_call_for_a_score_of_a_user() -> None:
    found = explain(MODEL, user="u000", item="i002")
    assert found.subject == "i002 for u000"
    listed = MODEL.recommend(["u000"], 25, filter_seen=False)
    assert found.score == listed.filter(pl.col("item_id") == "i002")["score"][0]
    history = MODEL.known.histories.one(0)
    again = explain(MODEL, user=history, item="i002")
    assert again.subject == "i002 for a history"
    assert (again.parts, again.score) == (found.parts, found.score)


def test_one_call_for_what_counts_in_a_model() -> None:
    assert set(explain(MODEL).of) == {"item", "age"}  # all events are of one kind
    some = explain(MODEL, ["u000", "u001"])
    assert some.answers < explain(MODEL).answers
    assert some == explain(MODEL, MODEL.known.histories.take(np.array([0, 1], dtype=np.int32)))


def test_one_call_for_a_pipeline() -> None:
    assert set(town_pipeline().world.models) >= {one.name for one in explain(town_pipeline()).of["model"]}
    with pytest.raises(BadInput, match="of an item in a slate ask why"):
        explain(town_pipeline(), user="u000", item="i002")
    with pytest.raises(BadInput, match="method must be one of auto, exact for which models count, got 'lime'"):
        explain(town_pipeline(), method="lime")


def test_one_call_for_a_ranker() -> None:
    assert explain(ranker(), rows(), row=3).how == "shap"
    assert explain(ranker(), rows().to_numpy(), row=3).part("price")
    assert explain(ranker(), rows(), row=3, method="lime").how == "lime"
    assert explain(ranker(), rows()).top("feature").name == "price"
    assert explain(ranker(), rows(), method="permutation").how == "permutation"


def test_somebody_unknown_gets_the_answer_of_everybody_new() -> None:
    found = explain(MODEL, user="nobody", item="i002")
    assert found.notes == (NOTHING_KNOWN,)
    assert found.score == found.base


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"user": "u000"}, "a score is of a user and an item: item= is missing"),
        ({"item": "i002"}, "user= is missing"),
        ({"row": 3}, "row= is asked of a ranker on a table"),
        ({"user": "u000", "item": "i002", "method": "shap"}, "method must be one of auto, exact, lime for a score"),
        ({"user": "u000", "item": "i002", "method": "magic"}, "got 'magic'"),
        ({"method": "lime"}, "method must be one of auto, exact for what counts over all lists of a model"),
        ({"data": rows()}, "is explained on user ids or histories, got DataFrame"),
        ({"data": "u000"}, "is explained on user ids or histories, got str"),
        ({"user": Histories.of([[0], [1]]), "item": "i002"}, "exactly one history, got 2 histories"),
        ({"user": ["u000"], "item": "i002"}, "exactly one history, got list"),
        ({"user": Histories.of([[999]]), "item": "i002"}, "item indices must be from 0 to"),
    ],
)
def test_what_makes_no_sense_for_a_model_is_refused(wanted: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        explain(MODEL, **wanted)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"data": rows(), "row": 3, "method": "exact"}, "method must be one of auto, shap, lime for a row of a table"),
        ({"data": rows(), "method": "lime"}, "must be one of auto, shap, permutation for what counts over all rows"),
        ({"data": rows(), "user": "u000", "item": "i002"}, "of LGBMRanker ask a table's row"),
        ({}, r"explain\(ranker, table\) or with row="),
        ({"row": 3}, r"explain\(ranker, table\) or with row="),
    ],
)
def test_what_makes_no_sense_for_a_ranker_is_refused(wanted: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        explain(ranker(), **wanted)


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(NotThere, match="the model knows no item 'I002'; ids are exact"):
        explain(MODEL, user="u000", item="I002")


def test_what_has_no_trees_is_refused_for_shap() -> None:
    with pytest.raises(BadInput, match="method='shap' reads trees, and <lambda> has none"):
        explain(lambda values: values[:, 0], rows(), row=0, method="shap")


def test_a_missing_package_is_named_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shap", None)
    with pytest.raises(MissingExtra, match=r"SHAP values.* needs shap.*pip install 'slatewright\[explain\]'"):
        explain(ranker(), rows(), row=0)
    monkeypatch.setitem(sys.modules, "lime.lime_tabular", None)
    with pytest.raises(MissingExtra, match=r"surrogate.*needs lime.lime_tabular.*pip install 'slatewright\[explain\]'"):
        explain(MODEL, user="u000", item="i002", method="lime")
    assert explain(MODEL, user="u000", item="i002").how == "exact"  # needs no package


def test_nothing_heavy_is_loaded_before_it_is_asked_for() -> None:
    heavy = "{'shap', 'lime', 'sklearn', 'matplotlib', 'lightgbm'}"
    loaded = "{name for name, one in sys.modules.items() if type(one).__name__ != '_LazyModule'}"
    code = f"import sys, slatewright.explain, slatewright.explain.stages_page; print({heavy} & {loaded})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
