"""Settings: checked at the door, and documented."""

from pathlib import Path

import pytest

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import knobs_of
from slatewright.serve.settings import Serving

PAGE = Path(__file__).parents[2] / "docs" / "serve.md"


def test_every_setting_is_documented_with_its_default() -> None:
    rows = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    documented = {row[0].strip("| `"): row[1].strip("`") for row in rows if len(row) == 3}
    spoken = {"True": "true", "False": "false", "()": "[]", "127.0.0.1": '"127.0.0.1"'}
    defaults = {field.name: field.default for field in knobs_of(Serving)}
    assert documented == {name: spoken.get(str(value), str(value)) for name, value in defaults.items()}


@pytest.mark.parametrize(("name", "value"), [("port", -1), ("max_k", 0), ("flush_seconds", 0.0), ("max_events", 0)])
def test_impossible_settings_are_refused(name: str, value: float) -> None:
    with pytest.raises(BadKnob, match=rf"Serving\.{name} must be"):
        Serving(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("origin", ["shop.example", "https://shop.example/", "https://*.example", "ftp://shop.example"])
def test_an_origin_that_no_browser_sends_is_refused(origin: str) -> None:
    with pytest.raises(BadKnob, match=r"Serving\.origins must be like https://shop\.example"):
        Serving(origins=("https://shop.example:8443", "*", origin))
