import polars as pl

from slatewright.data.dataset import dataset_of
from slatewright.models import ALS, Balanced, BuyItAgain, Popularity, RatingKNN
from slatewright.models.model import Model, learned_by, may_learn
from slatewright.models.shapes import Factors, ItemScores
from slatewright.models.shapes.rating_pairs import RatingPairs
from slatewright.models.shapes.rating_votes import RatingVotes


def fitted() -> Model:
    rows = [("u", "a"), ("u", "b"), ("v", "b"), ("v", "c"), ("w", "b")]
    return Popularity().fit(dataset_of(pl.DataFrame(rows, ["user_id", "item_id"], orient="row")))


def test_recommend_by_name_is_best_by_index() -> None:
    model = fitted()
    answer = model.recommend(["w", "u"], 2)
    assert answer.rows() == [("w", "a", 1.0, 1), ("w", "c", 1.0, 2), ("u", "c", 1.0, 1)]
    lists = model.best(model.known.histories, 2)
    assert lists.counts.tolist() == [1, 1, 2]
    assert lists.items[2].tolist() == [0, 2]


def test_seen_items_come_back_when_asked_for() -> None:
    assert fitted().recommend(["u"], 1, filter_seen=False)["item_id"].to_list() == ["b"]


def test_nobody_asked_gives_an_empty_frame_with_the_columns() -> None:
    answer = fitted().recommend([], 3)
    assert answer.schema.names() == ["user_id", "item_id", "score", "rank"]
    assert answer.height == 0


def test_what_an_estimator_learns_is_known_before_it_is_fitted() -> None:
    assert learned_by(ALS()) == (Factors,)
    assert learned_by(RatingKNN()) == (RatingPairs, RatingVotes)
    assert learned_by(5) == ()
    assert may_learn(ALS(), (ItemScores, Factors))
    assert may_learn(Balanced(ALS()), (ItemScores,))  # declared as any model
    assert not may_learn(BuyItAgain(), (ItemScores, Factors))
