import logging
from pathlib import Path

import pytest

from slatewright.core.errors import BadInput
from slatewright.data.idmap import IdMap
from slatewright.pipeline.lists import ShopLists, read_lists


def test_a_file_that_breaks_leaves_the_last_good_lists(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path, lists = tmp_path / "lists.toml", ShopLists(IdMap.of(["a", "b", "c"]))
    path.write_text('best = ["c", "a", "c", "z"]\n')
    lists.follow(path)
    assert lists.of("best").tolist() == [2, 0]
    assert lists.of("other").tolist() == []
    with caplog.at_level(logging.WARNING):
        path.write_text("best = [")
        assert lists.of("best").tolist() == [2, 0]
        assert lists.of("best").tolist() == [2, 0]
    assert len(caplog.records) == 1  # told once, not at every request
    assert lists.problem is not None
    assert "cannot be read" in lists.problem
    path.write_text('best = ["b"]\n')
    assert lists.of("best").tolist() == [1]
    assert lists.problem is None


@pytest.mark.parametrize("content", ['best = "a"', "best = [1]", "best = 3", "[best]\nx = 1"])
def test_what_is_no_list_of_ids_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "lists.toml").write_text(content)
    with pytest.raises(BadInput, match=r"best must be a list of item ids in quotes"):
        read_lists(tmp_path / "lists.toml")


def test_no_file_is_no_lists(tmp_path: Path) -> None:
    assert read_lists(tmp_path / "lists.toml") == {}
