"""docs/models.md, or a page below it, tells every knob of every estimator, with its default and meaning."""

from pathlib import Path

import pytest

from slatewright.core.knobs import knobs_of

from .test_glossary import ESTIMATORS

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "models.md", *sorted((DOCS / "models").glob("*.md"))]


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda one: one.__name__)
def test_the_table_of_an_estimator_is_its_knobs(estimator: type) -> None:
    text = "\n## ".join(page.read_text(encoding="utf-8") for page in PAGES)
    section = text.split(f"\n## {estimator.__name__}\n")[1].split("\n## ")[0]
    rows = [f"| `{knob.name}` | {knob.default} | {knob.knob.doc} |" for knob in knobs_of(estimator)]
    table = section.split("| knob | default | meaning |\n|---|---|---|\n")[1].split("\n\n")[0]
    assert table.strip().splitlines() == rows
