"""Documentation is a test: every example runs, every link leads somewhere, every command is documented."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from slatewright.cli.main import app
from slatewright.cli.table import COMMANDS

from .pages import ROOT, anchors, blocks, links, name_of, pages
from .running import run_page

LANGUAGES = ("python", "console", "sh", "text", "toml", "json", "html", "css", "javascript")
# What a block in `sh` may start with: it shows what to do on another machine, and is not run here.
ELSEWHERE = {"cd", "curl", "git", "grep", "make", "pip", "slatewright"}
SPLIT = "options of the split: as for `evaluate`"  # what a section says instead of naming fourteen of them once more


@pytest.mark.parametrize("page", [page for page in pages() if blocks(page, "python", "console")], ids=name_of)
def test_the_examples_of_a_page_run(page: Path, tmp_path: Path) -> None:
    run_page(blocks(page, "python", "console"), tmp_path)


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_block_says_its_language(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    fences = re.findall(r"^ *```(.*)$", text, re.MULTILINE)
    assert len(fences) % 2 == 0, "a block is not closed"
    assert set(fences[::2]) <= set(LANGUAGES)


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            assert link.startswith(("https://", "mailto:")), f"{name_of(page)}: {link}"
            continue
        target, _, anchor = link.partition("#")
        place = (page.parent / target).resolve() if target else page
        assert place.exists(), f"{name_of(page)} points to {target}, which is not there"
        assert place.is_relative_to(ROOT)
        if anchor and place.suffix == ".md":
            assert anchor in anchors(place), f"{name_of(page)} points to {link}; there is no such heading"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links(page) if ".md" in link]
    assert {name_of(page) for page in pages()} == {name_of(page) for page in reached}


@pytest.mark.parametrize("page", [page for page in pages() if blocks(page, "sh")], ids=name_of)
def test_commands_that_are_only_shown_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for block in blocks(page, "sh"):
        for line in block.text.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            for part in _split(words):
                assert part[0] in ELSEWHERE, f"{block.page}:{block.line}: {part[0]}"
                if part[0] == "make":
                    assert {word for word in part[1:] if "=" not in word} <= targets, line
                if part[0] == "slatewright":
                    assert part[1].startswith("--") or set(part[1:2]) <= set(COMMANDS), line
                    assert _options(part) <= _known_options(part[1]), line


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_every_option_is_documented(name: str) -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### slatewright ([a-z-]+)\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL))
    assert name in sections, f"docs/commands.md has no section '### slatewright {name}'"
    missing = {option for option in _known_options(name) if f"`{option}" not in sections[name]} - {"--help", "-h"}
    if SPLIT in sections[name] and name != "evaluate":  # explained once, in the section of evaluate
        missing -= _known_options(name, panel="Split") & _known_options("evaluate", panel="Split")
    assert not missing, f"docs/commands.md does not explain {sorted(missing)} of slatewright {name}"


def test_the_page_of_commands_has_no_command_that_is_gone() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert re.findall(r"^### slatewright ([a-z-]+)$", text, re.MULTILINE) == list(COMMANDS)


def _split(words: list[str]) -> list[list[str]]:
    """``a && b`` and ``a; b`` as two commands."""
    parts: list[list[str]] = [[]]
    for word in words:
        if word in {"&&", ";", "|"}:
            parts.append([])
        else:
            parts[-1].append(word)
    return [part for part in parts if part]


def _options(words: list[str]) -> set[str]:
    return {word.partition("=")[0] for word in words[1:] if word.startswith("-")}


def _known_options(name: str, *, panel: str = "") -> set[str]:
    """The options that a command's help names, all of them or those of one panel."""
    arguments = ["--help"] if name.startswith("-") else [name, "--help"]
    text = CliRunner().invoke(app, arguments, env={"COLUMNS": "200", "TERM": "dumb"}).output
    text = text.partition(f"─ {panel} ─")[2].partition("╰─")[0] if panel else text
    return set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", text))
