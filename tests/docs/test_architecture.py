"""The pages and the picture say what the import contract holds."""

import re
import tomllib
from xml.etree import ElementTree

from slatewright.testing.glossary import KNOB_WORDS

from .pages import ROOT, blocks

Floors = list[frozenset[str]]


def contract() -> tuple[Floors, set[str]]:
    """The floors of the house in ``pyproject.toml``, and which rooms may be absent."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    rooms = [[part.strip() for part in layer.replace("slatewright.", "").split("|")] for layer in layers]
    planned = {room.strip("()") for floor in rooms for room in floor if room.startswith("(")}
    return [frozenset(room.strip("()") for room in floor) for floor in rooms], planned


def test_the_list_of_rooms_is_the_contract() -> None:
    listed = blocks(ROOT / "docs" / "architecture.md", "text")[0].text
    floors = [frozenset(room.strip() for room in line.split("|")) for line in listed.splitlines()]
    assert floors == contract()[0]


def test_the_picture_of_the_rooms_is_the_contract() -> None:
    picture = ElementTree.parse(ROOT / "docs" / "images" / "rooms.svg")  # noqa: S314 (our own file)
    texts = list(picture.iter("{http://www.w3.org/2000/svg}text"))
    rooms = [text for text in texts if text.get("class") in {"room", "planned-room"} and text.get("text-anchor")]
    heights = sorted({float(text.attrib["y"]) for text in rooms})
    floors = [frozenset(str(t.text) for t in rooms if float(t.attrib["y"]) == height) for height in heights]
    assert floors == contract()[0]
    assert {str(text.text) for text in rooms if text.get("class") == "planned-room"} == contract()[1]


def test_planned_rooms_are_those_that_do_not_exist_yet() -> None:
    house = ROOT / "src" / "slatewright"
    there = {folder.name for folder in house.iterdir() if (folder / "__init__.py").exists()}
    floors, planned = contract()
    assert there == frozenset().union(*floors) - planned | {"testing"}


def test_the_table_of_rooms_has_every_room_that_exists() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    floors, planned = contract()
    listed = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert listed == sorted(listed, key=listed.index)
    assert set(listed) == frozenset().union(*floors) - planned


def test_the_glossary_has_every_name_of_a_knob() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").partition("## Names of knobs")[2]
    names = re.findall(
        r"`(\w+)`", "\n".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))
    )
    assert sorted(names) == sorted(KNOB_WORDS)


def test_decisions_are_numbered_in_a_row_and_have_the_four_parts() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(record.name[:4])}. ")
        for part in ("Context", "Decision", "Consequences", "What would change our mind"):
            assert f"**{part}.**" in text, f"{record.name} lacks {part!r}"
