from typing import ClassVar

import pytest

from slatewright.core.errors import BadBundle
from slatewright.models.kinds import KINDS, kind_of
from slatewright.models.shapes import ItemScores


def test_every_shape_is_found_under_its_own_name() -> None:
    assert {name: kind.shape for name, kind in KINDS.items()} == {name: name for name in KINDS}


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(BadBundle, match=r"must be one of .*item_pairs, .*, got 'os\.system'"):
        kind_of("os.system")


class _Own(ItemScores):
    shape: ClassVar[str] = "own"


class _Foreign(ItemScores):
    shape: ClassVar[str] = "factors"


def test_a_recipe_brings_kinds_of_its_own_and_replaces_none() -> None:
    assert kind_of("own", (_Own, int)) is _Own
    assert kind_of("factors", (_Foreign,)) is KINDS["factors"]
    with pytest.raises(BadBundle, match="'own'"):
        kind_of("own")
