"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real data sets; a test that asks for it skips where there is none, and fails in CI."""
    folder = Path(os.environ.get("SLATEWRIGHT_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        message = f"no real data at {folder}; set SLATEWRIGHT_DATA to the folder that holds it"
        if os.environ.get("SLATEWRIGHT_REQUIRE_ALL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return folder
