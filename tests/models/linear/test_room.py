import pytest

from slatewright.core.errors import NoRoom
from slatewright.models.linear.room import check_room


def test_what_fits_is_let_in_and_what_does_not_is_refused() -> None:
    check_room("EASE", 10, needed=100, free=101)
    with pytest.raises(NoRoom, match=r"300,000 items need 360\.0 GB, and 8\.0 GB are free"):
        check_room("EASE", 300_000, needed=360e9, free=8 * 10**9)
