import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Mask
from slatewright.data.dataset import dataset_of
from slatewright.data.idmap import IdMap
from slatewright.data.slates import Slates
from slatewright.events.records import Impression, Interaction
from slatewright.events.schema import conform, schema_of
from slatewright.features.happenings import Happened, Witnessed, happened, happenings, parts
from slatewright.features.layout import Acts
from slatewright.testing.worlds import two_tastes

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


def test_a_data_set_and_its_slates_are_the_same_events_as_their_table() -> None:
    dataset = dataset_of(two_tastes())
    ids = dataset.items.names.to_list()[:2]
    shown = pl.DataFrame(
        [
            Impression("1", "s", dataset.users.name(0), (ids[1], "nobody", ids[0]), int(dataset.interactions.time[3])),
            Impression("2", "t", "stranger", (ids[0],), 5),
            Impression("3", "v", None, (ids[0],), 7),
            Impression("4", "w", "another", (), 7),
        ]
    )
    slates, table = conform(shown, "impressions"), dataset.interactions
    done = pl.DataFrame(
        {
            "user_id": dataset.users.names_of(table.user),
            "item_id": dataset.items.names_of(table.item),
            "kind": pl.Series(table.kinds).gather(table.kind),
            "time": table.time,
            "value": table.value,
        }
    )
    wanted, owners = happened(happenings(done, slates), dataset.items, KINDS)
    assert (wanted.kinds == KINDS["impression"]).sum() == 4
    for rows, whole in ((100, False), (1, False), (1, True)):
        witnessed = Witnessed(table, dataset.users, Slates.of(slates, rows))
        found = list(parts(witnessed, dataset.items, KINDS, None, dataset.as_of, whole))
        assert len(found) == (1 if whole else 2 if rows == 100 else 4)  # two were shown at one time
        acts, users = _together([part.events for part in found])
        assert users.dtype == owners.dtype == np.int32
        np.testing.assert_array_equal(_sorted(acts), _sorted(wanted))
        assert (acts.times[1:] >= acts.times[:-1]).all()
        assert len(set(users.tolist())) == len(set(owners.tolist())) == dataset.n_users + 2
        early = _together([part.events for part in parts(witnessed, dataset.items, KINDS, 2, 5, whole)])
        np.testing.assert_array_equal(_sorted(early.acts), _sorted(wanted)[_between(_sorted(wanted), 2, 5)])


def _together(parts: list[Happened]) -> Happened:
    columns = [np.concatenate([part.acts[at] for part in parts]) for at in range(4)]
    return Happened(Acts(*columns), np.concatenate([part.users for part in parts]))


def _between(rows: Array, since: int, before: int) -> Mask:
    return np.asarray((rows[:, 2] >= since) & (rows[:, 2] < before))


def _sorted(acts: Acts) -> Array:
    rows = np.stack([np.asarray(column, dtype=np.float64) for column in acts], axis=1)
    return rows[np.lexsort(rows.T)]
