import numpy as np
import pytest

from slatewright.core.errors import BadInput
from slatewright.evaluate import judge, summarise
from slatewright.evaluate.reporting import gather
from slatewright.metrics.ranking import METRICS

from .worlds import MADE, asked_of, judged_world, report_of


def test_the_first_recommender_is_the_one_that_it_is_about() -> None:
    report = report_of()
    assert report.main == "pipeline"
    assert report.ours == report.group.of("pipeline")
    assert [one.by for one in report.breakdowns] == ["history_length", "popularity"]


def test_the_best_other_is_compared_on_the_same_users() -> None:
    judged = judged_world()
    asked = asked_of(judged)
    column = list(METRICS).index("ndcg")
    apart = (judged.values("blunt", asked) - judged.values("pipeline", asked))[:, column]
    alone = report_of().alone
    assert alone is not None
    assert alone[0] == "blunt"
    assert alone[1].value == pytest.approx(np.mean(apart))


def test_ratings_are_looked_at_where_somebody_predicts_them() -> None:
    found = report_of(ratings=True).ratings
    assert list(found) == ["stars"]
    assert found["stars"].rmse > 1  # stars were thrown by dice
    assert report_of().ratings == {}
    assert "BiasedMF" not in " ".join(report_of().missing)


def test_ratings_that_nobody_predicts_are_said_to_be_unused() -> None:
    judged = judged_world(ratings=True)
    alone = judge({"pipeline": judged.models["pipeline"]}, judged.fold, k=5)
    report = gather(alone, summarise(alone), MADE, users=None)
    assert "There are ratings, but no model" in report.missing[0]
    assert report.samples == ()
    assert report.alone is None


def test_popularity_alone_is_no_report() -> None:
    judged = judge({}, judged_world().fold, k=5)
    with pytest.raises(BadInput, match="besides popularity"):
        gather(judged, summarise(judged), MADE)
