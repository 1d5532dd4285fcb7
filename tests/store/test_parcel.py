import hypothesis.extra.numpy as arrays_of
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.arrays import Array
from slatewright.core.errors import BadInput
from slatewright.store.parcel import from_parcel, to_parcel

NUMBERS = st.sampled_from([np.int8, np.int32, np.int64, np.uint8, np.float32, np.float64, np.bool_])
ARRAYS = NUMBERS.flatmap(
    lambda kind: arrays_of.arrays(kind, arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0))
)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), PLAIN, max_size=3), st.dictionaries(st.text(), ARRAYS, max_size=4))
def test_what_goes_in_comes_out(values: dict[str, object], arrays: dict[str, Array]) -> None:
    told, found = from_parcel(to_parcel(values, arrays))
    assert told == values
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


@given(st.binary(max_size=64))
def test_foreign_bytes_are_refused(foreign: bytes) -> None:
    with pytest.raises(BadInput):
        from_parcel(foreign)


def test_a_parcel_cut_short_or_too_long_is_refused() -> None:
    parcel = to_parcel({"a": 1}, {"x": np.arange(5)})
    for broken in (parcel[:-1], parcel[:10], parcel + b"!"):
        with pytest.raises(BadInput):
            from_parcel(broken)


def test_objects_and_texts_are_not_taken() -> None:
    with pytest.raises(BadInput, match="others in names"):
        to_parcel({}, {"names": np.array(["a"])})
    with pytest.raises(BadInput, match="hold numbers"):
        from_parcel(to_parcel({}, {"x": np.arange(2)}).replace(b"<i8", b"|O8"))
