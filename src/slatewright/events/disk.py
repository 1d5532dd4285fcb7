"""Make a Delta commit survive a power cut: Delta leaves the files to the system's cache."""

import json
from pathlib import Path
from urllib.parse import unquote

from slatewright.core.disk import sync


def flush_commit(folder: Path, version: int) -> None:
    """Wait until the files of one commit, and the folders that name them, are on the disk."""
    commit = folder / "_delta_log" / f"{version:020}.json"
    actions = [json.loads(line) for line in commit.read_text(encoding="utf-8").splitlines()]
    files = [folder / unquote(action["add"]["path"]) for action in actions if "add" in action]
    paths = {commit, *files}
    for path in [*paths, *{path.parent for path in paths}, folder, folder.parent]:
        sync(path)
