"""slatewright check"""

import json
from pathlib import Path

from .conftest import slatewright


def test_the_report_is_printed_and_written(shop: Path) -> None:
    text = slatewright("check", "--shop", shop)
    page = (shop / "reports" / "check.html").read_text(encoding="utf-8")
    assert "What stands out" in text
    assert "<svg" in page
    assert "small" in page


def test_json_has_the_counts(shop: Path) -> None:
    answer = json.loads(slatewright("check", "--shop", shop, "--json"))
    assert answer["users"] <= 150
    assert answer["items"] <= 60
    assert answer["events"] > 1000
