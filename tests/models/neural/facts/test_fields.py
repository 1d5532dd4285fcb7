import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.models import FactFields
from slatewright.models.neural.facts.fields import FieldReader, bands_of

FACTS = pl.DataFrame(
    {
        "color": ["red", "blue", None, "red"],
        "price": [1.0, 2.0, 3.0, None],
        "tags": [["a"], ["b"], [], ["a"]],
        "in_stock": [True, True, False, True],
    }
)


def test_categories_come_first_then_numbers_by_bands_and_lists_are_left_out() -> None:
    reader = FactFields().learn(FACTS)
    assert reader.names == ("color", "price")
    places, numbers = reader.read(FACTS, 4)
    assert places[:, 0].tolist() == [3, 2, 1, 3]  # in byte order, "(missing)" among them: training has it
    assert places[:, 1].tolist() == [1, 2, 3, 0]
    np.testing.assert_allclose(numbers[:, 0], np.array([-1, 0, 1, 0]) / np.std([1, 2, 3, 2]), rtol=1e-6)
    assert reader.sizes == (4, 4)


@pytest.mark.parametrize("facts", [None, pl.DataFrame({"weight": [1.0]})])
def test_what_is_not_told_has_the_place_of_nothing_known(facts: pl.DataFrame | None) -> None:
    reader = FactFields().learn(FACTS.drop_nulls())
    places, numbers = reader.read(facts, 1)
    assert places.tolist() == [[0, 0]]
    assert numbers.tolist() == [[0.0]]


def test_a_category_that_training_never_saw_is_not_known() -> None:
    reader = FactFields(columns=("color",)).learn(FACTS.drop_nulls())
    assert reader.read(pl.DataFrame({"color": ["green"]}), 1)[0].tolist() == [[0]]


def test_a_column_that_is_not_there_is_refused_at_learning() -> None:
    with pytest.raises(BadInput, match="there is no size among color, price"):
        FactFields(columns=("size",)).learn(FACTS)


def test_bands_hold_as_many_rows_each_and_few_values_are_a_band_each() -> None:
    numbers = np.arange(100.0)
    ends = bands_of(numbers, 4)
    assert np.bincount(np.searchsorted(ends, numbers, side="right")).tolist() == [25, 25, 25, 25]
    assert bands_of(np.array([3.0, 1.0, np.nan, 3.0]), 4).tolist() == [3.0]
    assert bands_of(np.full(3, np.nan), 4).tolist() == []


def test_only_training_rows_teach() -> None:
    reader = FactFields().learn(FACTS, np.array([True, True, False, False]))
    assert reader.sizes == (3, 3)


def test_arrays_bring_the_reader_back() -> None:
    reader = FactFields().learn(FACTS)
    back = FieldReader.from_arrays(reader.arrays("reader"), "reader")
    for one, other in zip(reader.read(FACTS, 4), back.read(FACTS, 4), strict=True):
        np.testing.assert_array_equal(one, other)
    assert FieldReader.from_arrays(FieldReader(FactFields()).arrays("x"), "x").names == ()
