import math

import pytest

from slatewright.core.errors import MissingExtra, SlatewrightError
from slatewright.core.extras import require


def test_an_installed_module_is_returned() -> None:
    assert require("math", extra="sums", why="Adding") is math


def test_a_missing_module_says_which_line_installs_it() -> None:
    with pytest.raises(MissingExtra, match=r"NeuMF needs kerass, .*pip install 'slatewright\[neural\]'") as caught:
        require("kerass", extra="neural", why="NeuMF")
    assert isinstance(caught.value, ImportError)
    assert isinstance(caught.value, SlatewrightError)
