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


def test_what_is_no_number_and_no_word_is_not_known() -> None:
    reader = FactFields(columns=("color", "price")).learn(FACTS)
    odd = pl.DataFrame({"color": [["green"], []], "price": [[1.0], [2.0]]})
    assert reader.read(odd, 2)[0][:, 1].tolist() == [0, 0]
    with pytest.warns(UserWarning, match="the fact 'price' was learned as a number and now tells words alone"):
        assert reader.read(pl.DataFrame({"color": [7], "price": ["cheap"]}), 1)[0].tolist() == [[0, 0]]
    assert reader.read(pl.DataFrame({"price": ["2", None]}), 2)[0][:, 1].tolist() == [2, 0]
    assert reader.read(odd.select(pl.struct("price").alias("price")), 2)[0][:, 1].tolist() == [0, 0]


def test_new_categories_get_places_behind_those_that_are_known() -> None:
    reader = FactFields(columns=("color", "price")).learn(FACTS)
    large = reader.grown(pl.DataFrame({"color": ["white", "amber", "red"], "price": [9.0, 9.0, None]}))
    assert large.sizes == (reader.sizes[0] + 2, reader.sizes[1])
    for one, other in zip(large.read(FACTS, 4), reader.read(FACTS, 4), strict=True):
        np.testing.assert_array_equal(one, other)
    more = pl.DataFrame({"color": ["amber", "white", "green"]})
    assert large.read(more, 3)[0].tolist() == [[4, 0], [5, 0], [0, 0]]
    assert large.told(0, 4) == "color = amber"
    assert reader.grown(pl.DataFrame({"shoe": [1]})) == reader
    assert FieldReader(FactFields()).grown(more).names == ()


def test_beyond_the_most_categories_new_ones_share_a_place() -> None:
    reader = FactFields(columns=("color",), most_categories=4).learn(FACTS.drop_nulls())  # blue and red
    large = reader.grown(pl.DataFrame({"color": ["amber", "white", "white", "green"]}))
    assert large.read(pl.DataFrame({"color": ["red", "white", "amber", "green", "pink"]}), 5)[0].ravel().tolist() == [
        2, 3, 4, 4, 4,
    ]  # fmt: skip
    assert large.sizes == (5,)
    assert large.grown(pl.DataFrame({"color": ["pink"]})).sizes == (5,)


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


@pytest.mark.parametrize("columns", [("color", "price"), ("color",), ("price",)])
def test_arrays_bring_the_reader_back(columns: tuple[str, ...]) -> None:
    reader = FactFields(columns=columns).learn(FACTS)
    back = FieldReader.from_arrays(reader.arrays("reader"), "reader")
    for one, other in zip(reader.read(FACTS, 4), back.read(FACTS, 4), strict=True):
        np.testing.assert_array_equal(one, other)
    assert FieldReader.from_arrays(FieldReader(FactFields()).arrays("x"), "x").names == ()
