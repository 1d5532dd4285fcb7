"""Whatever a page may say to a slot, and hear from it, stands in the docs; and nothing else does."""

import re
from importlib.resources import files

from tests.docs.pages import ROOT

CODE = "".join(
    one.read_text(encoding="utf-8") for one in files("slatewright.serve").joinpath("static", "slots").iterdir()
)
PAGE = (ROOT / "docs" / "slots.md").read_text(encoding="utf-8")
TOLD = set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)))
OURS = {"bare", "id", "state", "lang", "aria-hidden", "aria-busy", "aria-label", "tabindex"}  # what slots set or find


def table(heading: str) -> set[str]:
    """What stands in the first column of the first table below a heading."""
    rows = PAGE.split(f"## {heading}")[1].split("\n## ")[0].splitlines()
    return {one for row in rows if row.startswith("| `") for one in re.findall(r"`([^`]+)`", row.split(" | ")[0])}


def test_every_attribute() -> None:
    asked = set(re.findall(r"""(?:(?:get|has)Attribute|given)\("([a-z-]+)"\)""", CODE)) - OURS
    words = {f"text-{name}" for name in re.findall(r"^  (\w+): \"[A-Z]", CODE.split("const WORDS")[1], re.MULTILINE)}
    assert len(asked) > 20
    assert len(words) >= 7
    assert {*asked, *words} - {"page", "rows"} == table("Attributes")
    assert {"page", "rows"} <= TOLD


def test_every_property_part_and_event() -> None:
    assert set(re.findall(r"--slate-[a-z-]+", CODE)) == table("How they look")
    parts = {name for names in re.findall(r'part: ["`]([a-z ]+)', CODE) for name in names.split()}
    assert len(parts) > 20
    assert parts <= TOLD
    events = set(re.findall(r'"(slate-(?:filled|empty|failed|shown|click|basket))"', CODE))
    assert events == table("Events for your own analytics")
