import numpy as np
import polars as pl

from slatewright.data.idmap import IdMap
from slatewright.events.records import Impression, Interaction
from slatewright.events.schema import conform, schema_of
from slatewright.features.happenings import happened, happenings

ITEMS = IdMap.of(["a", "b", "c"])
KINDS = {"impression": 1, "return": 2, "view": 3}


def test_what_was_done_and_what_was_shown_become_one_table() -> None:
    done = pl.DataFrame([Interaction("1", "u", "a", "view", 50, value=2.5), Interaction("2", "v", "b", "wave", 20)])
    shown = pl.DataFrame([Impression("3", "s", None, ("c", "a"), 30), Impression("4", "t", "u", (), 40)])
    table = happenings(conform(done, "interactions"), conform(shown, "impressions"))
    assert table.sort("time", "item_id").rows() == [
        ("v", "b", "wave", 20, 1.0),
        (None, "a", "impression", 30, 1.0),
        (None, "c", "impression", 30, 1.0),
        ("u", "a", "view", 50, 2.5),
    ]


def test_events_come_in_the_order_of_time_as_numbers() -> None:
    frame = pl.DataFrame(
        {
            "user_id": ["u", None, "v", "u"],
            "item_id": ["c", "a", "who", "a"],
            "kind": ["view", "impression", "view", "wave"],
            "time": [30, 20, 10, 20],
        }
    )
    acts, users = happened(frame, ITEMS, KINDS)
    assert acts.items.tolist() == [0, 0, 2]
    assert acts.kinds.tolist() == [1, 4, 3]
    assert acts.times.tolist() == [20, 20, 30]
    assert acts.values.tolist() == [1.0, 1.0, 1.0]
    assert len(set(users.tolist())) == 2


def test_nothing_happened() -> None:
    empty = happenings(*(pl.DataFrame(schema=schema_of(table)) for table in ("interactions", "impressions")))
    for frame in (empty, empty.drop("kind", "user_id", "value")):
        acts, users = happened(frame, ITEMS, KINDS)
        assert [len(part) for part in (*acts, users)] == [0] * 5
        assert [part.dtype for part in acts] == [np.int32, np.int8, np.int64, np.float32]
