import polars as pl

from slatewright.data.indexing import counted, index_events


def test_kinds_that_weigh_nothing_are_left_out_but_returns_stay_to_be_netted() -> None:
    events = pl.LazyFrame({"kind": ["view", "return", "rating", "rating"], "value": [1.0, 1.0, 2.0, 4.0]})
    left = counted(events, {"view": 0.0, "return": 0.0}).collect()
    assert left.rows() == [("return", 1.0), ("rating", 2.0), ("rating", 4.0)]


def test_a_purchase_that_counts_nothing_does_not_come_back_through_its_return() -> None:
    rows = pl.DataFrame({"user_id": ["u"], "item_id": ["i"], "kind": ["return"], "value": [1.0], "time": [1]})
    users, items, table = index_events(rows.cast({"value": pl.Float32}), {}, None, None)
    assert (len(users), len(items), len(table)) == (0, 0, 0)
    assert table.kinds == ("interaction",)


def test_warm_ids_get_an_index() -> None:
    rows = pl.DataFrame({"user_id": ["u"], "item_id": ["i"], "kind": ["view"], "value": [1.0], "time": [1]})
    warm = pl.Series(["a", "z", "i"])
    users, items, table = index_events(rows.cast({"value": pl.Float32}), {"view": 0.5}, warm, warm)
    assert list(users) == ["a", "i", "u", "z"]
    assert list(items) == ["a", "i", "z"]
    assert (table.user.tolist(), table.item.tolist(), table.weight.tolist()) == ([2], [1], [0.5])
