import hashlib
from pathlib import Path

import pytest

from slatewright.store.files import digest, replace_text


def test_a_text_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    for text in ("one", "two\n"):
        replace_text(tmp_path / "live", text)
        assert (tmp_path / "live").read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["live"]


def test_a_text_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    replace_text(tmp_path / "live", "old")
    with pytest.raises(UnicodeEncodeError):
        replace_text(tmp_path / "live", "\ud800")
    assert (tmp_path / "live").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["live"]


def test_the_digest_is_sha256(tmp_path: Path) -> None:
    content = b"x" * 3_000_000
    (tmp_path / "big").write_bytes(content)
    assert digest(tmp_path / "big") == hashlib.sha256(content).hexdigest()
