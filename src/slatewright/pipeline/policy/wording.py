"""The words of an expression: names, numbers, texts and signs, each with its place; and how a mistake is shown."""

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

from slatewright.core.errors import BadInput

LONGEST = 10_000  # characters of one expression

Kind: TypeAlias = Literal["number", "text", "name", "sign", "end"]

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<name>[^\W\d]\w*)
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<sign><=|>=|==|!=|[-+*/<>()\[\],.])""",
    re.VERBOSE | re.DOTALL,
)
_HINTS = {
    "&&": "write: and", "||": "write: or", "&": "write: and", "|": "write: or", "=": "write == to compare",
    "!": "write: not", '"': "this text has no end", "'": "this text has no end",
}  # fmt: skip


class BadExpression(BadInput):
    """An expression cannot be used; the message shows the place.

    ``start`` and ``end`` are positions in ``text``; ``problem`` says what is wrong there.
    """

    def __init__(self, text: str, start: int, end: int, problem: str) -> None:
        super().__init__(f"{column_of(text, start)}: {problem}\n{_pointed(text, start, end)}")
        self.text, self.start, self.end, self.problem = text, start, end, problem


@dataclass(frozen=True, slots=True)
class Token:
    """One word at ``start`` to ``end``; ``value`` is the number, the text without its quotes, the name or the sign."""

    kind: Kind
    value: str | float
    start: int
    end: int


def column_of(text: str, at: int) -> str:
    """What to call a position in a text before people; where it has several lines, the line too."""
    begin = text.rfind("\n", 0, at) + 1
    line = f"line {text.count(chr(10), 0, begin) + 1} of the expression, " if "\n" in text else ""
    return f"{line}column {at - begin + 1}"


def tokens_of(text: str) -> list[Token]:
    """All words of an expression, and one for its end.

    Raises:
        BadExpression: something in it is no word, or it is too long.
    """
    if len(text) > LONGEST:
        raise BadExpression(text[:60], 0, 1, f"an expression has at most {LONGEST} characters, got {len(text)}")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _no_word(text, at)
        if match.lastgroup != "space":
            found.append(_token(text, match))
        at = match.end()
    end = len(text.rstrip())
    return [*found, Token("end", "", end, end)]


def _token(text: str, match: re.Match[str]) -> Token:
    word, start, end = match.group(), match.start(), match.end()
    if match.lastgroup == "number":
        number = float(word)
        if not math.isfinite(number):
            raise BadExpression(text, start, end, "this number is too large")
        if end < len(text) and (text[end].isalnum() or text[end] == "_"):
            raise BadExpression(text, start, end + 1, "a name cannot begin with a digit")
        return Token("number", number, start, end)
    if match.lastgroup == "text":
        return Token("text", re.sub(r"\\(.)", r"\1", word[1:-1], flags=re.DOTALL), start, end)
    return Token("name" if match.lastgroup == "name" else "sign", word, start, end)


def _no_word(text: str, at: int) -> BadExpression:
    sign = next((sign for sign in _HINTS if text.startswith(sign, at)), text[at])
    hint = _HINTS.get(sign, f"{ascii(sign)[1:-1]} means nothing here")
    return BadExpression(text, at, at + len(sign), hint)


def _pointed(text: str, start: int, end: int) -> str:
    """The line of the text that holds the place, with carets below it."""
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", start)
    line = text[begin : len(text) if stop < 0 else stop]
    from_, to = start - begin, min(max(end, start + 1) - begin, max(len(line), start - begin + 1))
    cut = max(0, from_ - 80)  # of a long line only what stands around the place
    shown = "".join(char if char.isprintable() else " " for char in line[cut : cut + 160])
    return f"  {shown}\n  {' ' * _width(shown[: from_ - cut])}{'^' * max(1, _width(shown[from_ - cut : to - cut]))}"


def _width(text: str) -> int:
    """How many columns of a terminal it takes."""
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text if not unicodedata.combining(char)
    )
