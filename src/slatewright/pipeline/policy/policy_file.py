"""The shop's own file of rules, ``policy.toml``: what people change without training anything again."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from slatewright.core.errors import BadInput, BadKnob
from slatewright.core.knobs import from_mapping
from slatewright.pipeline.policy.rules import BadRule, Boost, Bury, Exclude, Include, Pin, Rule

POLICY = "policy.toml"
WORDS: Mapping[str, type[Rule]] = {
    "include": Include, "exclude": Exclude, "boost": Boost, "bury": Bury, "pin": Pin,
}  # fmt: skip


def read_policy(path: Path) -> tuple[Rule, ...]:
    """The rules of a file; none where there is no file.

    Raises:
        BadRule: one of its rules cannot be used; the message names it.
        BadInput: it is not a TOML file of rules.
    """
    try:
        return rules_of(path.read_text(encoding="utf-8"), path.name)
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error


def rules_of(text: str, where: str = POLICY) -> tuple[Rule, ...]:
    """The rules of a text: tables ``[[rule]]``, each with one of include, exclude, boost, bury, pin.

    Raises:
        BadRule: one of its rules cannot be used; the message names it.
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
    return tuple(_rule(one, f"{where}, rule {number}") for number, one in enumerate(rules, start=1))


def _rule(told: Mapping[str, object], where: str) -> Rule:
    words = [word for word in WORDS if word in told]
    if len(words) != 1:
        said = ", ".join(words) or "none of them"
        raise BadRule(f"{where}: a rule says one of {', '.join(WORDS)}, got {said}")
    (word,) = words
    rest = {("where" if key == word else key): value for key, value in told.items()}
    try:
        return from_mapping(WORDS[word], rest, where=where)
    except BadKnob as error:
        raise BadRule(str(error)) from error
    except BadRule as error:
        raise BadRule(f"{where}: {error}") from error
