"""The shop's own file of rules, ``policy.toml``: what people change without training anything again."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from slatewright.core.errors import BadInput
from slatewright.pipeline.policy.drafts import WORDS, Draft, closest
from slatewright.pipeline.policy.rules import BadRule, Place, Rule, together
from slatewright.pipeline.world import World

POLICY = "policy.toml"
HEAD = re.compile(r"\s*\[\[?\s*[\"']?([\w-]+)[\"']?\s*\]")
KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*=")
BEGINS = "a rule begins with [[rule]]"


def read_policy(path: Path, world: World | None = None) -> tuple[Rule, ...]:
    """The rules of a file; none where there is no file.

    Raises:
        BadRule: some of its rules cannot be used (see ``rules_of``); the message names each, and its line.
        BadInput: it is not a TOML file of rules.
    """
    return rules_of(text_of(path), path.name, world)


def text_of(path: Path) -> str:
    """What stands in the file; nothing where there is no file.

    Raises:
        BadInput: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error


def rules_of(text: str, where: str = POLICY, world: World | None = None) -> tuple[Rule, ...]:
    """The rules of a text: tables ``[[rule]]``, each with one of include, exclude, boost, bury, pin.

    With a world a refusal names in the same breath what that does not know; where nothing else is wrong, that is left
    to whoever binds the rules.

    Raises:
        BadRule: some of its rules cannot be used; the message names each, and its line.
        BadInput: it is not TOML.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{where} is not valid TOML: {error}") from error
    page = _Page(told, text.splitlines(), where)
    drafts, faults = page.drafts(), page.faults()
    if not faults and not any(draft.faults(None) for draft in drafts):
        return tuple(draft.rule() for draft in drafts)
    raise together([*faults, *(fault for draft in drafts for fault in draft.faults(world))])


@dataclass(frozen=True)
class _Page:
    """A file of rules: what TOML makes of it, and its lines."""

    told: Mapping[str, object]
    lines: Sequence[str]
    where: str

    def faults(self) -> list[BadRule]:
        """What is wrong with its sections, whatever the rules in them say."""
        wrong = {name: f"there is no section {name!r}; {BEGINS}" for name in self.told if name != "rule"}
        rules = self.told.get("rule", [])
        if not isinstance(rules, list) or not all(isinstance(one, dict) for one in rules):
            wrong["rule"] = f"{BEGINS}, in two pairs of brackets"
        return [BadRule(f"{place}: {problem}") for name, problem in wrong.items() for place in self._places(name)]

    def drafts(self) -> list[Draft]:
        """Its rules as they stand there, also those of sections that were meant for rules."""
        tables = {name: _tables(told) for name, told in self.told.items() if closest(name, ["rule"])}
        heads = [(name, number) for number, name in self._heads if name in tables]
        numbers = range(1, 1 + sum(map(len, tables.values())))
        if sorted(name for name, _ in heads) != sorted(name for name, rows in tables.items() for _ in rows):
            rows = [row for rows in tables.values() for row in rows]  # they do not begin with [[rule]] one by one
            return [Draft(row, Place(self.where, number, {})) for row, number in zip(rows, numbers, strict=True)]
        rest = {name: iter(rows) for name, rows in tables.items()}
        return [
            Draft(next(rest[name]), Place(self.where, number, self._lines_of(head)))
            for (name, head), number in zip(heads, numbers, strict=True)
        ]

    @cached_property
    def _heads(self) -> list[tuple[int, str]]:
        """Where sections begin: the line, from 1, and the name."""
        return [(number, match[1]) for number, line in enumerate(self.lines, start=1) if (match := HEAD.match(line))]

    def _places(self, name: str) -> list[str]:
        """What to call a section before people, each time that it stands there."""
        first = min((number for number, _ in self._heads), default=len(self.lines) + 1)
        above = (number for number, line in enumerate(self.lines[: first - 1], start=1) if _key(line) == name)
        found = [number for number, head in self._heads if head == name] or [*above][:1]
        return [f"{self.where} (line {number})" for number in found] or [self.where]

    def _lines_of(self, head: int) -> dict[str, int]:
        """By key of a rule the line that it begins on; "": the rule itself."""
        ends = dict(pairwise([*(number for number, _ in self._heads), len(self.lines) + 1]))
        found = {"": head}
        for number in range(head + 1, ends[head]):
            key = _key(self.lines[number - 1])
            if key is not None:
                found.setdefault("where" if key in WORDS else key, number)
                found.setdefault(key, number)
        return found


def _key(line: str) -> str | None:
    match = KEY.match(line)
    return None if match is None else match[1]


def _tables(told: object) -> list[dict[str, object]]:
    return [one for one in (told if isinstance(told, list) else [told]) if isinstance(one, dict)]
