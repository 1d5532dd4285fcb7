from pathlib import Path

import polars as pl
import pytest

from slatewright.core.errors import NotWritten
from slatewright.data.importing.disk import writing


def test_a_refused_write_names_the_place(tmp_path: Path) -> None:
    place = tmp_path / "nothing" / "x.arrow"
    with pytest.raises(NotWritten, match=r"x.arrow cannot be written; nothing was added"), writing(place):
        pl.DataFrame({"a": [1]}).write_ipc(place)


def test_other_errors_are_not_the_disk() -> None:
    with pytest.raises(KeyError), writing(Path("x")):
        raise KeyError("x")
