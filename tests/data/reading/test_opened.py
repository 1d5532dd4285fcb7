import pytest

from slatewright.core.errors import BadInput
from slatewright.data.reading.opened import check_columns


def test_columns_of_one_name_are_refused() -> None:
    check_columns("e.csv", ["a", "A", "b"])
    with pytest.raises(BadInput, match=r"e.csv has more than one column named 'a', 'b'"):
        check_columns("e.csv", ["a", "b", "a", "b", "c"])
