import pytest

from slatewright.core.errors import BadBundle
from slatewright.models.kinds import KINDS, kind_of


def test_every_shape_is_found_under_its_own_name() -> None:
    assert {name: kind.shape for name, kind in KINDS.items()} == {name: name for name in KINDS}


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(BadBundle, match=r"must be one of .*item_pairs, .*, got 'os\.system'"):
        kind_of("os.system")
