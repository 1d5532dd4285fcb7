import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.arrays import Array
from slatewright.data import coding
from slatewright.data.coding import code_names, look_up

NAMES = st.lists(st.text(st.characters(codec="utf-8"), max_size=20), max_size=60)


@given(NAMES)
def test_codes_point_at_the_names_in_order_of_first_appearance(names: list[str]) -> None:
    coded = code_names(pl.Series(names, dtype=pl.String))
    assert coded.names.to_list() == list(dict.fromkeys(names))
    assert [coded.names[int(code)] for code in coded.codes] == names


@given(NAMES, st.lists(st.none() | st.text(st.characters(codec="utf-8"), max_size=3), max_size=60))
def test_look_up_finds_what_a_dictionary_finds(names: list[str], asked: list[str | None]) -> None:
    distinct = list(dict.fromkeys(names))
    where: dict[str | None, int] = {name: at for at, name in enumerate(distinct)}
    asked = [*asked, *names]
    found = look_up(pl.Series(distinct, dtype=pl.String), pl.Series(asked, dtype=pl.String))
    assert found.tolist() == [where.get(name, -1) for name in asked]


def test_the_table_grows() -> None:
    names = pl.Series(np.arange(100_000) % 30_000).cast(pl.String)
    coded = code_names(names)
    assert len(coded.names) == 30_000
    assert np.array_equal(coded.codes, np.arange(100_000) % 30_000)


@pytest.mark.parametrize("same", [0, 7])
def test_names_with_equal_hashes_are_told_apart(same: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of 64 bits never collide by chance in a test; a bad hash function shows what happens when they do."""

    def bad(column: pl.Series) -> Array:
        return np.full(len(column), same, dtype=np.uint64)

    monkeypatch.setattr(coding, "hashes_of", bad)
    coded = code_names(pl.Series(["b", "a", "b", "c"]))
    assert coded.names.to_list() == ["b", "a", "c"]
    assert coded.codes.tolist() == [0, 1, 0, 2]
    assert look_up(pl.Series(["a", "b"]), pl.Series(["b", None, "zz", "a"])).tolist() == [1, -1, -1, 0]
    assert look_up(pl.Series(["a"]), pl.Series(["zz", "a"])).tolist() == [-1, 0]
