import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import orjson
import polars as pl
import pytest

from slatewright.core.errors import BadBundle, Unreachable
from slatewright.store.bundle import read_bundle, write_bundle
from slatewright.store.card import CARD, Card

ARRAYS = {
    "models/taste/item_factors": np.arange(12, dtype=np.float32).reshape(4, 3),
    "models/taste/none": np.empty(0, dtype=np.int32),
    "histories/items": np.array([1, 2], dtype=np.int32),
}
TABLES = {"items": pl.DataFrame({"id": ["a", "ä", "🍵"]}), "facts": pl.DataFrame()}


def card(**changed: object) -> Card:
    fields = {"as_of": 1317427200_000_000, "data_version": "v", "recipe": "0" * 64, "code_version": "1", "counts": {}}
    return Card(**({"models": {"taste": {"shape": "factors"}}} | fields | changed))  # type: ignore[arg-type]


def written(shelf: Path) -> Path:
    return shelf / write_bundle(shelf, card(golden=({"request": {}, "item_ids": ["a"]},)), ARRAYS, TABLES)


def test_what_is_written_is_read_back_memory_mapped(tmp_path: Path) -> None:
    bundle = read_bundle(written(tmp_path))
    assert bundle.arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(bundle.arrays[name], array)
        assert bundle.arrays[name].dtype == array.dtype
    assert isinstance(bundle.arrays["histories/items"].base, np.memmap)
    assert not bundle.arrays["histories/items"].flags.writeable
    assert all(bundle.tables[name].equals(table) for name, table in TABLES.items())
    assert bundle.part("models/taste").keys() == {"item_factors", "none"}
    assert bundle.card.golden == ({"request": {}, "item_ids": ["a"]},)


def test_the_version_names_the_instant_and_the_content(tmp_path: Path) -> None:
    first = write_bundle(tmp_path, card(), ARRAYS, TABLES)
    assert first.startswith("20111001T000000-")
    assert write_bundle(tmp_path, card(), ARRAYS, TABLES) == first
    assert write_bundle(tmp_path, card(data_version="w"), ARRAYS, TABLES) != first
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 2


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        write_bundle(tmp_path, card(), ARRAYS | {"bad": np.array([object()])}, TABLES)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.99])
def test_a_truncated_file_is_refused(tmp_path: Path, keep: float) -> None:
    folder = written(tmp_path)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * keep)])
        with pytest.raises(BadBundle, match=path.name):
            read_bundle(folder)
        path.write_bytes(content)
    read_bundle(folder)


def test_one_flipped_bit_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path)
    path = folder / "arrays/histories/items.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(BadBundle, match=r"items\.npy is not the file that was written: its sha256 differs"):
        read_bundle(folder)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "tables/items.arrow").unlink()
    with pytest.raises(BadBundle, match=r"items\.arrow is missing; train again or roll back"):
        read_bundle(folder)


def _resummed(folder: Path, name: str, content: bytes) -> None:
    """Put foreign content in place with a card that vouches for it."""
    (folder / name).write_bytes(content)
    raw = orjson.loads((folder / CARD).read_bytes())
    raw["files"][name] = {"size": len(content), "sha256": sha256(content).hexdigest()}
    (folder / CARD).write_bytes(orjson.dumps(raw))


@pytest.mark.parametrize("name", ["arrays/histories/items.npy", "tables/items.arrow"])
def test_a_foreign_file_is_refused_even_when_the_card_vouches_for_it(tmp_path: Path, name: str) -> None:
    folder = written(tmp_path)
    _resummed(folder, name, b"PK\x03\x04 something else entirely")
    with pytest.raises(BadBundle, match=r"is not an array|is not a table"):
        read_bundle(folder)


def test_a_pickled_array_is_never_loaded(tmp_path: Path) -> None:
    folder = written(tmp_path)
    np.save(tmp_path / "evil.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    _resummed(folder, "arrays/histories/items.npy", (tmp_path / "evil.npy").read_bytes())
    with pytest.raises(BadBundle, match="is not an array"):
        read_bundle(folder)


def test_what_its_check_refuses_gets_no_name_and_one_that_is_there_is_checked(tmp_path: Path) -> None:
    def refuse(folder: Path) -> None:
        assert read_bundle(folder).card == replace(card(), files=read_bundle(folder).card.files)
        raise BadBundle(folder.name)

    with pytest.raises(BadBundle, match=r"\.writing-"):
        write_bundle(tmp_path, card(), ARRAYS, TABLES, refuse)
    assert not list(tmp_path.iterdir())
    version = write_bundle(tmp_path, card(), ARRAYS, TABLES)
    with pytest.raises(BadBundle, match=version):
        write_bundle(tmp_path, card(), ARRAYS, TABLES, refuse)
    assert [one.name for one in tmp_path.iterdir()] == [version]


def test_what_a_check_says_is_told_in_its_own_words(tmp_path: Path) -> None:
    def refuse(folder: Path) -> None:
        raise Unreachable("the server of states does not answer")

    with pytest.raises(Unreachable, match=r"^the server of states does not answer$"):
        write_bundle(tmp_path, card(), ARRAYS, TABLES, refuse)
    assert not list(tmp_path.iterdir())


FULL_DISK = """
import resource, sys
from pathlib import Path
import numpy as np, polars as pl
from slatewright.core.errors import NotWritten
from slatewright.store.bundle import write_bundle
from slatewright.store.card import Card
size = int(sys.argv[2])
arrays, tables = {"x": np.arange(size)}, {"items": pl.DataFrame({"id": ["abcdefgh" * 4] * (5000 - size)})}
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    write_bundle(Path(sys.argv[1]), Card(0, "v", "r", "1", {}, {}), arrays, tables)
except NotWritten as error:
    print(error)
"""


@pytest.mark.parametrize("size", [5000, 0], ids=["array", "table"])
def test_a_full_disk_leaves_the_shelf_as_it_was(tmp_path: Path, size: int) -> None:
    live = written(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path), str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert f"no bundle could be written to {tmp_path}; the shelf is as it was: " in done.stdout
    assert sorted(tmp_path.rglob("*")) == before
    read_bundle(live)
