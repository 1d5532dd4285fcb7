from pathlib import Path

import orjson
import pytest

from slatewright.core.errors import BadBundle
from slatewright.store.card import CARD, Card, FileSum, read_card

WHOLE = Card(
    as_of=7,
    data_version="interactions@3",
    recipe="0" * 64,
    code_version="1",
    models={"taste": {"shape": "factors", "knobs": {"reg": 0.1}}},
    counts={"users": 2},
    golden=({"request": {"user_id": "ü"}, "item_ids": ["🍵"]},),
    files={"arrays/models/taste/x.npy": FileSum(3, "ab")},
)


def test_a_card_comes_back(tmp_path: Path) -> None:
    (tmp_path / CARD).write_bytes(WHOLE.to_bytes())
    assert read_card(tmp_path) == WHOLE


@pytest.mark.parametrize("name", ["../../live", "arrays/../../../x.npy", "/etc/passwd", "card.json", "arrays/x.py"])
def test_a_card_cannot_point_outside_its_bundle(tmp_path: Path, name: str) -> None:
    raw = orjson.loads(WHOLE.to_bytes())
    raw["files"][name] = {"size": 1, "sha256": "0"}
    (tmp_path / CARD).write_bytes(orjson.dumps(raw))
    with pytest.raises(BadBundle, match="cannot be a file of a bundle"):
        read_card(tmp_path)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is not whole"),
        (b"[]", "is not the card of a slatewright pipeline"),
        (b'{"kind": "else"}', "is not the card of a slatewright pipeline"),
        (b'{"kind": "slatewright pipeline", "format": 99}', "has format 99; this Slatewright reads format 1"),
        (b'{"kind": "slatewright pipeline", "format": 1}', "is not a card of this format"),
        (b'{"kind": "slatewright pipeline", "format": 1, "files": [], "golden": []}', "is not a card of this format"),
    ],
)
def test_a_foreign_card_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    (tmp_path / CARD).write_bytes(content)
    with pytest.raises(BadBundle, match=complaint):
        read_card(tmp_path)


def test_a_folder_without_a_card_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BadBundle, match=r"is not a bundle: it has no card\.json"):
        read_card(tmp_path)
