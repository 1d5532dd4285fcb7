import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.data.idmap import IdMap
from tests.events.examples import STRANGE_IDS

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(TEXT, max_size=50))
def test_names_are_distinct_and_in_byte_order(names: list[str]) -> None:
    ids = IdMap.of(names)
    assert list(ids) == sorted(set(names), key=str.encode)
    assert len(ids) == len(set(names))


@given(st.lists(TEXT, max_size=50), st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_matter(names: list[str], random: object) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert IdMap.of(shuffled + shuffled).names.equals(IdMap.of(names).names)


@given(st.lists(TEXT, max_size=30), st.lists(TEXT, max_size=30))
def test_there_and_back(names: list[str], others: list[str]) -> None:
    ids = IdMap.of(names)
    assert [ids.name(index) for index in range(len(ids))] == list(ids)
    assert ids.positions(ids.names).tolist() == list(range(len(ids)))
    for asked in names + others:
        index = ids.find(asked)
        assert (index is None) == (asked not in names)
        assert (asked in ids) == (asked in names)
        assert index is None or ids.name(index) == asked
    found, known = ids.locate(others + names)
    assert known.tolist() == [name in names for name in others + names]
    assert ids.names_of(found).to_list() == [name for name in others + names if name in names]


def test_nulls_are_no_names() -> None:
    ids = IdMap.of(pl.Series(["b", None, "a"]))
    assert list(ids) == ["a", "b"]
    assert ids.positions(pl.Series([None, "b"], dtype=pl.String)).tolist() == [-1, 1]
    assert None not in ids


def test_numbers_are_read_as_text() -> None:
    ids = IdMap.of(pl.Series([10, 9, 10]))
    assert list(ids) == ["10", "9"]
    assert ids.positions(pl.Series([9, 11])).tolist() == [1, -1]


def test_an_empty_map_knows_nobody() -> None:
    ids = IdMap.of([])
    assert len(ids) == 0
    assert ids.find("a") is None
    assert ids.positions(["a"]).tolist() == [-1]
    assert ids.locate([])[0].dtype == np.int32
    assert ids.names_of(np.empty(0, np.int32)).to_list() == []


def test_strange_ids_stay_as_they_are() -> None:
    ids = IdMap.of(STRANGE_IDS)
    assert [ids.name(int(at)) for at in ids.positions(STRANGE_IDS)] == list(STRANGE_IDS)


def test_few_names_are_found_among_many_as_many_are() -> None:
    ids = IdMap.of(pl.Series(np.arange(0, 20_000, 2)).cast(pl.String))
    asked = pl.Series(["0", "1", None, "19998", "", "😀", "9998", "99999"])
    many = pl.concat([asked, ids.names])
    assert ids.positions(asked).tolist() == ids.positions(many).tolist()[: len(asked)]
    assert [ids.find(name) for name in ("0", "1", "19998", "😀")] == [0, None, ids.positions(["19998"])[0], None]


@pytest.mark.parametrize("repeats", [1, 5])
def test_many_names_in_any_share_of_repeats(repeats: int) -> None:
    numbers = np.arange(20_000) % (20_000 // repeats)
    names = pl.Series(numbers).cast(pl.String)
    assert list(IdMap.of(names)) == sorted({str(number) for number in numbers})


@pytest.mark.parametrize("handful", [1, 31, 32, 33, 100])
def test_a_handful_of_names_is_found_as_many_are(handful: int) -> None:
    ids = IdMap.of(f"{at:05}" for at in range(0, 6000, 3))
    asked = [f"{at * 7 % 6000:05}" for at in range(handful - 1)] + ["😀"]
    assert ids.positions(asked).tolist() == ids.positions(pl.Series(asked)).tolist()
    assert ids.positions(asked).tolist() == [-1 if (at := ids.find(name)) is None else at for name in asked]
