"""The shop's own file of rules, ``policy.toml``: what people change without training anything again."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from slatewright.core.errors import BadInput, BadKnob
from slatewright.core.knobs import from_mapping
from slatewright.pipeline.policy.rules import BadRule, Boost, Bury, Exclude, Include, Pin, Place, Rule, together

POLICY = "policy.toml"
WORDS: Mapping[str, type[Rule]] = {
    "include": Include, "exclude": Exclude, "boost": Boost, "bury": Bury, "pin": Pin,
}  # fmt: skip
HEAD = re.compile(r"\s*\[\[\s*rule\s*\]\]")
KEY = re.compile(r"\s*[\"']?(\w+)[\"']?\s*=")


def read_policy(path: Path) -> tuple[Rule, ...]:
    """The rules of a file; none where there is no file.

    Raises:
        BadRule: some of its rules cannot be used; the message names each, and its line.
        BadInput: it is not a TOML file of rules.
    """
    return rules_of(text_of(path), path.name)


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


def rules_of(text: str, where: str = POLICY) -> tuple[Rule, ...]:
    """The rules of a text: tables ``[[rule]]``, each with one of include, exclude, boost, bury, pin.

    Raises:
        BadRule: some of its rules cannot be used; the message names each, and its line.
        BadInput: it is not a TOML file of rules.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{where} is not valid TOML: {error}") from error
    for key in told:
        if key != "rule":
            raise BadInput(f"{where}: there is no section {key!r}; a rule begins with [[rule]]")
    rules = told.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(one, dict) for one in rules):
        raise BadInput(f"{where}: a rule begins with [[rule]], in two pairs of brackets")
    made, faults = list[Rule](), list[BadRule]()
    for one, place in zip(rules, _places(text, where, len(rules)), strict=True):
        try:
            made.append(_rule(one, place))
        except BadRule as error:
            faults.append(error)
    if faults:
        raise together(faults)
    return tuple(made)


def _places(text: str, where: str, n_rules: int) -> list[Place]:
    """Where each rule stands; without its lines where rules do not begin with [[rule]] one by one."""
    lines = text.splitlines()
    heads = [number for number, line in enumerate(lines, start=1) if HEAD.match(line)]
    if len(heads) != n_rules:
        return [Place(where, number, {}) for number in range(1, n_rules + 1)]
    spans = enumerate(pairwise([*heads, len(lines) + 1]), start=1)
    return [Place(where, number, _lines_of(lines[head : end - 1], head)) for number, (head, end) in spans]


def _lines_of(lines: Sequence[str], head: int) -> dict[str, int]:
    """By field of a rule the line that it begins on; "": the rule itself."""
    found = {"": head}
    for number, line in enumerate(lines, start=head + 1):
        key = KEY.match(line)
        if key:
            found.setdefault("where" if key[1] in WORDS else key[1], number)
    return found


def _rule(told: Mapping[str, object], place: Place) -> Rule:
    words = [word for word in WORDS if word in told]
    if len(words) != 1:
        said = ", ".join(words) or "none of them"
        raise BadRule(f"{place.of('')}: a rule says one of {', '.join(WORDS)}, got {said}")
    (word,) = words
    rest = {("where" if key == word else key): value for key, value in told.items()}
    try:
        return from_mapping(WORDS[word], rest, where=place.of("")).placed(place)
    except BadKnob as error:
        raise BadRule(str(error)) from error
    except BadRule as error:
        raise together([BadRule(f"{place.of(one.field)}: {one}", one.field) for one in error.each]) from error
