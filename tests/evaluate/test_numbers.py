"""The numbers of an evaluation for the record of a run."""

from slatewright.evaluate import Evaluation
from slatewright.evaluate.evaluation import Breakdown, Group, Measured
from slatewright.evaluate.numbers import headline_of, metrics_of
from slatewright.metrics.bootstrap import Interval

POPULARITY = Measured("popularity", {"ndcg": Interval(0.1, 0.0, 0.2), "recall": Interval(0.3, 0.2, 0.4)}, {})
PIPELINE = Measured("pipeline", {"ndcg": Interval(0.5, 0.4, 0.6)}, {"ndcg": Interval(0.4, 0.3, 0.5)})
GROUP = Group("new", "", 9, (POPULARITY, PIPELINE))
FOUND = Evaluation(k=5, as_of=0, data="", n_users=1, n_items=1, level=0.95, groups=(GROUP,))


def test_every_number_has_a_place_by_question_recommender_and_metric() -> None:
    assert metrics_of(FOUND)["new"]["pipeline"] == {
        "ndcg": {"value": 0.5, "low": 0.4, "high": 0.6},
        "ndcg over popularity": {"value": 0.4, "low": 0.3, "high": 0.5},
    }
    assert set(metrics_of(FOUND)["new"]["popularity"]) == {"ndcg", "recall"}


def test_segments_are_questions_of_their_own() -> None:
    parts = (Breakdown("country", "users", "new", (Group("DE", "", 4, (PIPELINE,)),)),)
    by_country = Evaluation(**{name: getattr(FOUND, name) for name in FOUND.__slots__} | {"breakdowns": parts})
    assert list(metrics_of(by_country)) == ["new", "new, country of users: DE"]


def test_the_headline_has_what_the_recommender_has_and_popularity_beside_it() -> None:
    assert headline_of(FOUND, "pipeline") == {"ndcg@5": 0.5, "popularity ndcg@5": 0.1}
    assert headline_of(FOUND, "popularity") == {"ndcg@5": 0.1, "recall@5": 0.3, "popularity ndcg@5": 0.1}
