"""From the text of an expression to its tree: a parser of our own, so that no text can ever become code."""

from collections.abc import Callable

from slatewright.pipeline.policy.tree import Both, Call, Compared, Constant, Named, Node, Not, Several, Sum
from slatewright.pipeline.policy.wording import BadExpression, Token, column_of, tokens_of

DEEPEST = 30  # how far parts may stand within parts
ORDERING = ("<", "<=", ">", ">=")
WORDS = {"true": True, "True": True, "false": False, "False": False}
RESERVED = frozenset({"and", "or", "not", "in", "is", "if", "else", "lambda", "for", "None", *WORDS})


def parse(text: str) -> Node:
    """The tree of one expression.

    Raises:
        BadExpression: it is none; the message points at the column.
    """
    return _Parser(text).whole()


class _Parser:
    """Recursive descent; every method takes what it understands and leaves the rest."""

    def __init__(self, text: str) -> None:
        self._text, self._tokens, self._at, self._depth = text, tokens_of(text), 0, 0

    def whole(self) -> Node:
        if self._ended():
            raise self._wrong(self._next, "there is nothing here; write a condition like: price < 50")
        node = self._any_of()
        if not self._ended():
            raise self._wrong(self._next, f"here the expression should end, got {_shown(self._next)}")
        return node

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _ended(self) -> bool:
        return self._next.kind == "end"

    def _is(self, *values: str) -> bool:
        return self._next.kind in ("name", "sign") and self._next.value in values

    def _take(self) -> Token:
        token = self._next
        self._at += not self._ended()
        return token

    def _need(self, sign: str, opened: Token) -> Token:
        if not self._is(sign):
            place = column_of(self._text, opened.start)
            raise self._wrong(self._next, f"{sign} is missing for the {opened.value} at {place}")
        return self._take()

    def _wrong(self, token: Token, problem: str) -> BadExpression:
        return BadExpression(self._text, token.start, token.end, problem)

    def _deeper(self, read: Callable[[], Node]) -> Node:
        if self._depth == DEEPEST:
            raise self._wrong(self._next, f"parts stand within parts more than {DEEPEST} deep; write several rules")
        self._depth += 1
        node = read()
        self._depth -= 1
        return node

    def _any_of(self) -> Node:
        return self._joined("or", self._all_of)

    def _all_of(self) -> Node:
        return self._joined("and", self._negated)

    def _joined(self, word: str, read: Callable[[], Node]) -> Node:
        parts = [read()]
        while self._is(word):
            self._take()
            parts.append(read())
        return parts[0] if len(parts) == 1 else Both(parts[0].start, parts[-1].end, tuple(parts), word == "or")

    def _negated(self) -> Node:
        if not self._is("not"):
            return self._comparison()
        start = self._take().start
        part = self._deeper(self._negated)
        return Not(start, part.end, part)

    def _comparison(self) -> Node:
        """``a < b``, and ``a < b < c`` as both of its halves."""
        left, before = self._sum(), ""
        found: list[Node] = []
        while self._is(*ORDERING, "==", "!=", "in", "not", "is"):
            token = self._next
            sign, negated = self._sign()
            if found and not {sign, before} <= set(ORDERING):
                raise self._wrong(token, f"after {before} another comparison is joined by and")
            right, before = self._sum(), sign
            node: Node = Compared(left.start, right.end, sign, left, right)
            found.append(Not(node.start, node.end, node) if negated else node)
            left = right
        if not found:
            return left
        return found[0] if len(found) == 1 else Both(found[0].start, left.end, tuple(found), False)

    def _sign(self) -> tuple[str, bool]:
        token = self._take()
        if token.value == "is":
            raise self._wrong(token, "write == to compare, missing(fact) to ask whether a fact is known")
        if token.value != "not":
            return str(token.value), False
        if not self._is("in"):
            raise self._wrong(self._next, "after this not stands in: category not in [...]")
        self._take()
        return "in", True

    def _sum(self) -> Node:
        return self._chain(("+", "-"), lambda: self._chain(("*", "/"), self._signed))

    def _chain(self, signs: tuple[str, ...], read: Callable[[], Node]) -> Node:
        first, steps = read(), list[tuple[str, Node]]()
        while self._is(*signs):
            sign = str(self._take().value)
            steps.append((sign, read()))
        return Sum(first.start, steps[-1][1].end, first, tuple(steps)) if steps else first

    def _signed(self) -> Node:
        if not self._is("-"):
            return self._atom()
        start = self._take().start
        part = self._deeper(self._signed)
        if isinstance(part, Constant) and isinstance(part.value, float):
            return Constant(start, part.end, -part.value)
        return Sum(start, part.end, Constant(start, start + 1, 0.0), (("-", part),))

    def _atom(self) -> Node:
        token = self._take()
        if token.kind in ("number", "text"):
            return Constant(token.start, token.end, token.value)
        if token.kind == "name" and token.value in WORDS:
            return Constant(token.start, token.end, WORDS[str(token.value)])
        if token.kind == "name" and token.value not in RESERVED:
            return self._named(token)
        if token.value == "(" and token.kind == "sign":
            inner = self._deeper(self._any_of)
            self._need(")", token)
            return inner
        if token.value == "[" and token.kind == "sign":
            return self._several(token)
        raise self._wrong(token, f"a fact, a number, a text or ( should stand here, got {_shown(token)}")

    def _named(self, token: Token) -> Node:
        """``price``, ``item.price``, ``item["odd name"]``, ``contains(title, "tea")``."""
        if self._is("("):
            return self._call(token)
        if self._is("."):
            self._take()
            name = self._take()
            if name.kind != "name":
                raise self._wrong(name, f"the name of a fact should stand after {token.value}., got {_shown(name)}")
            return Named(token.start, name.end, str(token.value), str(name.value))
        if self._is("["):
            opened = self._take()
            name = self._take()
            if name.kind != "text":
                raise self._wrong(name, f'the name of a fact should stand here: {token.value}["..."]')
            return Named(token.start, self._need("]", opened).end, str(token.value), str(name.value))
        return Named(token.start, token.end, "", str(token.value))

    def _call(self, token: Token) -> Node:
        opened, given = self._take(), list[Node]()
        while not self._is(")"):
            given.append(self._deeper(self._any_of))
            if not self._is(","):
                break
            self._take()
        return Call(token.start, self._need(")", opened).end, str(token.value), tuple(given))

    def _several(self, opened: Token) -> Node:
        values = list[Constant]()
        while not self._is("]"):
            value = self._deeper(self._signed)
            if not isinstance(value, Constant):
                raise BadExpression(self._text, value.start, value.end, "a list holds numbers or texts only")
            values.append(value)
            if not self._is(","):
                break
            self._take()
        return Several(opened.start, self._need("]", opened).end, tuple(values))


def _shown(token: Token) -> str:
    return "the end" if token.kind == "end" else ascii(token.value) if token.kind == "text" else str(token.value)
