import polars as pl

from slatewright.data.dataset import dataset_of
from slatewright.models import Popularity
from slatewright.models.model import Model


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
