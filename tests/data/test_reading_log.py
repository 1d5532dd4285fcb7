from pathlib import Path

import polars as pl
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.data.reading_log import read_dataset
from slatewright.events.log import EventLog
from tests.events.examples import NOON, interactions

DAY = 86_400_000_000


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    opened = EventLog(tmp_path)
    bought = interactions("1", "2", "3").with_columns(
        item_id=pl.Series(["pen", "pen", "cup"]),
        kind=pl.Series(["purchase", "return", "rating"]),
        value=pl.Series([3.0, 2.0, 4.0]),
        time=pl.Series([NOON, NOON + DAY, NOON + 2 * DAY]),
    )
    opened.append("interactions", bought)
    return opened


def test_a_data_set_of_the_log_is_a_data_set_of_its_frame(log: EventLog) -> None:
    ours = read_dataset(log)
    theirs = dataset_of(log.scan("interactions").collect())
    assert ours.interactions.time.tolist() == theirs.interactions.time.tolist() == [NOON, NOON + 2 * DAY]
    assert ours.interactions.value.tolist() == theirs.interactions.value.tolist() == [1.0, 4.0]
    assert list(ours.items) == list(theirs.items) == ["cup", "pen"]
    assert ours.as_of == theirs.as_of == NOON + 2 * DAY + 1


def test_a_return_after_the_instant_does_not_leak(log: EventLog) -> None:
    assert read_dataset(log, as_of=NOON + DAY).interactions.value.tolist() == [3.0]
    assert read_dataset(log, as_of=NOON + DAY + 1).interactions.value.tolist() == [1.0]
    assert len(read_dataset(log, as_of=NOON).interactions) == 0


def test_the_version_names_the_table_and_the_instant(log: EventLog) -> None:
    log.append("interactions", interactions("4", time=NOON + 3 * DAY))
    assert read_dataset(log, as_of=NOON).version == "interactions@1 as_of=2011-01-26T12:00:00+00:00"


def test_weights_and_ratings_choose_what_counts(log: EventLog) -> None:
    dataset = read_dataset(log, weights={"purchase": 2.0}, positive_rating=5.0)
    assert sorted(dataset.interactions.weight.tolist()) == [0.0, 2.0]
    assert dataset.matrix().nnz == 1


def test_facts_are_those_of_the_instant(log: EventLog) -> None:
    facts = {"event_id": ["a", "b"], "item_id": ["pen", "pen"], "facts": ['{"price": 1}', '{"price": 2}']}
    log.append("item_updates", pl.DataFrame({**facts, "time": [NOON - DAY, NOON + DAY]}))
    users = {"event_id": ["c"], "user_id": ["cold"], "facts": ['{"age": 30}'], "time": [NOON]}
    log.append("user_updates", pl.DataFrame(users))
    early, late = read_dataset(log, as_of=NOON + DAY), read_dataset(log)
    assert early.item_facts["price"].to_list() == [1]
    assert late.item_facts["price"].to_list() == [None, 2]
    assert list(late.users) == ["cold", "u"]
    assert late.user_facts["age"].to_list() == [30, None]


def test_an_empty_log_is_an_empty_data_set(tmp_path: Path) -> None:
    dataset = read_dataset(EventLog(tmp_path / "new"))
    assert len(dataset.interactions) == 0
    assert dataset.version == "interactions@none as_of=1970-01-01T00:00:00.000001+00:00"
