"""Snapshots: what a state has counted, on the disk, whole or not at all."""

import json
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np

from slatewright.core.disk import replace_bytes
from slatewright.features.counters import Counters
from slatewright.features.state import MemoryState


def save(state: MemoryState, path: Path, label: str) -> None:
    """Write a snapshot in place of the one before it. A kill at any moment leaves the one or the other.

    ``label`` names the bundle.

    Raises:
        NotWritten: the disk refused; the snapshot before it is still there.
    """
    counters, positions = state.copied()
    about = {"label": label, "as_of": counters.as_of, "signature": counters.signature, "positions": positions}
    said = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    content = BytesIO()
    np.savez(content, about=said, cells=counters.cells, landmarks=counters.landmarks)
    replace_bytes(path, content.getvalue())


def restore(state: MemoryState, bundle: Counters, path: Path, label: str) -> bool:
    """Let a state go on from a snapshot; False, and nothing is changed, where there is none of this bundle.

    ``bundle`` are the counters that the snapshot must have begun with. A snapshot that is cut short or altered is none:
    the log has everything that it had.
    """
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as found:
            about = json.loads(found["about"].tobytes())
            cells, landmarks = found["cells"], found["landmarks"]
    except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return False
    same = (about["label"], about["as_of"], about["signature"]) == (label, bundle.as_of, bundle.signature)
    if not same or cells.shape != bundle.cells.shape or landmarks.shape != bundle.landmarks.shape:
        return False
    state.go_on(Counters(cells, landmarks, bundle.pairs, bundle.as_of, bundle.signature), about["positions"])
    return True
