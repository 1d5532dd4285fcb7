"""From the tree of an expression to its value: every name is looked up, every type is checked, nothing is run."""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from slatewright.core.arrays import Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY, instant
from slatewright.core.errors import BadInput
from slatewright.pipeline.fact_columns import types_of
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.policy import asking, values
from slatewright.pipeline.policy.membership import HOLDS, among, holding, same_text, time_of
from slatewright.pipeline.policy.tree import Both, Call, Compared, Constant, Named, Node, Not, Several, Sum, said
from slatewright.pipeline.policy.values import (
    SPOKEN,
    Joined,
    Moment,
    Reckoned,
    Type,
    Value,
    combined,
    constant,
    kept,
    opposite,
)
from slatewright.pipeline.policy.wording import BadExpression

Numeric: TypeAlias = Callable[[Any, Any], Any]
COMPARE: dict[str, Numeric] = {
    "==": lambda a, b: a == b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip
RECKON: dict[str, Numeric] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
    "/": lambda a, b: np.where(b == 0, np.nan, a / b), "min": np.minimum, "max": np.maximum,
}  # fmt: skip
OF_NUMBERS = {"abs": 1, "min": 2, "max": 2}
A_DAY = constant("number", np.float64(MICROSECONDS_PER_DAY))
FUNCTIONS = ("missing", "time", *HOLDS, *OF_NUMBERS)


@dataclass(frozen=True)
class Meaning:
    """What names mean in one shop."""

    text: str
    facts: ItemFacts
    user_facts: Frame

    def of(self, node: Node) -> Value:
        """The value of a part, checked; yes and no about items alone is worked out for the whole catalogue.

        Raises:
            BadExpression: a name that means nothing, or types that do not go together.
        """
        return replace(self._of(node), key=said(node))

    def _of(self, node: Node) -> Value:
        match node:
            case Constant(value=bool() as value):
                return constant("truth", value)
            case Constant(value=str() as value):
                return constant("text", value)
            case Constant(value=value):
                return constant("number", np.float64(value))
            case Several():
                return self._several(node)
            case Named():
                return self._named(node)
            case Call():
                return self._call(node)
            case Not(part=part):
                inner = self._truth(part, "not")
                return opposite(inner)
            case Both():
                return self._both(node)
            case Compared():
                return self._compared(node)
            case Sum():
                return self._sum(node)

    def _wrong(self, node: Node, problem: str) -> BadExpression:
        return BadExpression(self.text, node.start, node.end, problem)

    def _truth(self, node: Node, word: str) -> Value:
        value = self.of(node)
        if value.type != "truth":
            raise self._wrong(node, f"{word} asks for a yes or no, got {SPOKEN[value.type]}; compare it with something")
        return value

    def _several(self, node: Several) -> Value:
        kinds = {type(one.value) for one in node.values}
        if len(kinds) > 1 or bool in kinds:
            raise self._wrong(node, "a list holds either numbers or texts")
        if kinds == {str}:
            return constant("texts", tuple(str(one.value) for one in node.values))
        return constant("numbers" if kinds else "texts", tuple(np.float64(one.value) for one in node.values))

    def _named(self, node: Named) -> Value:
        if node.owner == "" and node.name == "now":
            return asking.now()
        if node.owner in ("", "item"):
            whose, known = "items", [*self.facts.types]
            kind = self.facts.types.get(node.name)
            found = None if kind is None else self._of_item(node.name, kind)
        elif node.owner == "user":
            whose, known = "users", [*asking.OF_USER, *types_of(self.user_facts.schema)]
            found = asking.of_user(node.name, self.user_facts)
        elif node.owner == "request":
            whose, known = "a request", [*asking.OF_REQUEST]
            found = asking.of_request(node.name)
        else:
            raise self._wrong(node, f"before a dot stands item, user or request, got {node.owner}")
        if found is None:
            raise self._unknown(node, whose, known)
        return found

    def _of_item(self, name: str, kind: Type) -> Value:
        return Value(
            kind,
            lambda moment: moment.column(name),
            True,
            False,
            name,
            lambda moment: moment.some(self.facts.missing(name)),
        )

    def _unknown(self, node: Named, whose: str, known: Sequence[str]) -> BadExpression:
        names = [*known, *(("now",) if node.owner == "" else ())]
        alike = difflib.get_close_matches(node.name, names, n=1)
        listed = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
        hint = f"; did you mean {alike[0]}?" if alike else f"; known: {listed}"
        return self._wrong(node, f"of {whose} no fact {node.name!a} is known{hint}")

    def _both(self, node: Both) -> Value:
        parts = [kept(self.facts, self._truth(part, "or" if node.either else "and")) for part in node.parts]
        join = np.logical_or if node.either else np.logical_and

        def read(moment: Moment) -> Any:
            result = parts[0].read(moment)
            for part in parts[1:]:
                result = join(result, part.read(moment))
            return result

        return combined("truth", read, *parts, form=Joined(tuple(parts), node.either))

    def _compared(self, node: Compared) -> Value:
        left, right = self.of(node.left), self.of(node.right)
        if node.sign == "in":
            return self._in(node, left, right)
        pair = {left.type, right.type}
        if node.sign == "==" or node.sign == "!=":
            equal = self._equal(node, left, right)
            if node.sign == "==":
                return equal
            return opposite(equal)
        if pair not in ({"number"}, {"time"}):
            hint = '; write time("2026-12-24")' if pair == {"time", "text"} else ""
            raise self._wrong(
                node, f"{node.sign} compares two numbers or two times, got {self._pair(left, right)}{hint}"
            )
        return self._held_against(node.sign, left, right)

    def _equal(self, node: Compared, left: Value, right: Value) -> Value:
        pair = {left.type, right.type}
        if pair in ({"number"}, {"time"}, {"truth"}):
            return self._held_against("==", left, right)
        if pair == {"text"}:
            return same_text(self.facts, left, right)
        if pair == {"text", "texts"}:  # one of several: a shelf is often told as one text, now and then as two
            text, several = (left, right) if left.type == "text" else (right, left)
            return among(self.facts, text, several)
        raise self._wrong(node, f"{node.sign} compares two of a kind, got {self._pair(left, right)}")

    def _in(self, node: Compared, left: Value, right: Value) -> Value:
        if left.type == "number" and right.type == "numbers":
            return self._numeric("truth", np.isin, left, right)
        if left.type not in ("text", "texts") or right.type not in ("text", "texts"):
            raise self._wrong(node, f"in asks whether something stands in a list, got {self._pair(left, right)}")
        if right.type == "text" and not (right.of_item or right.of_request):
            raise self._wrong(
                node.right, 'after in stands a list: ["..."]; to search in a text write contains(title, "tea")'
            )
        if left.type == "texts" and left.of_item and right.of_item:
            raise self._wrong(node, "in cannot hold two lists of one item against each other")
        if right.of_item and right.fact is None:
            raise self._wrong(node.right, "after in stands a list or a fact")
        return among(self.facts, left, right)

    def _pair(self, left: Value, right: Value) -> str:
        return f"{SPOKEN[left.type]} and {SPOKEN[right.type]}"

    def _held_against(self, sign: str, left: Value, right: Value) -> Value:
        return replace(self._numeric("truth", COMPARE[sign], left, right), form=values.Compared(left, sign, right))

    def _numeric(self, kind: Type, apply: Numeric, left: Value, right: Value) -> Value:
        return combined(kind, lambda moment: apply(left.read(moment), right.read(moment)), left, right)

    def _sum(self, node: Sum) -> Value:
        first = self.of(node.first)
        kind, steps = first.type, list[tuple[str, Value]]()
        for sign, part in node.steps:
            value = self.of(part)
            found = _step(kind, sign, value)
            if found is None:
                raise self._wrong(part, f"{sign} cannot join {SPOKEN[kind]} and {SPOKEN[value.type]}")
            kind = found[0]
            steps.extend(found[1])
        return reckoned(kind, first, *steps)

    def _call(self, node: Call) -> Value:
        if node.name not in FUNCTIONS:
            raise self._wrong(node, f"there is no function {node.name!a}; there are {', '.join(FUNCTIONS)}")
        n_wanted = 2 if node.name in HOLDS else OF_NUMBERS.get(node.name, 1)
        if len(node.given) != n_wanted:
            raise self._wrong(node, f"{node.name} takes {n_wanted} in its brackets, got {len(node.given)}")
        given = [self.of(part) for part in node.given]
        if node.name == "missing":
            return self._missing(node, given[0])
        if node.name in OF_NUMBERS:
            return self._of_numbers(node, given)
        if given[0].type != "text":
            raise self._wrong(node.given[0], f"{node.name} reads a text, got {SPOKEN[given[0].type]}")
        if node.name == "time":
            return self._time(node, given[0])
        piece = node.given[1]
        if not isinstance(piece, Constant) or not isinstance(piece.value, str):
            raise self._wrong(piece, f"{node.name} looks for a text in quotes")
        return holding(self.facts, node.name, given[0], piece.value)

    def _missing(self, node: Call, given: Value) -> Value:
        absent = given.absent
        if absent is None:
            raise self._wrong(node.given[0], "missing asks about one fact of the item, the user or the request")
        return combined("truth", absent, given)

    def _of_numbers(self, node: Call, given: list[Value]) -> Value:
        for part, value in zip(node.given, given, strict=True):
            if value.type != "number":
                raise self._wrong(part, f"{node.name} takes numbers, got {SPOKEN[value.type]}")
        if node.name in RECKON:
            return reckoned("number", given[0], (node.name, given[1]))
        return combined("number", lambda moment: np.abs(given[0].read(moment)), given[0])

    def _time(self, node: Call, given: Value) -> Value:
        text = node.given[0]
        if isinstance(text, Constant):
            try:
                return constant("time", np.float64(instant(str(text.value))))
            except BadInput as error:
                raise self._wrong(text, str(error)) from error
        return time_of(self.facts, given)


def reckoned(kind: Type, first: Value, *steps: tuple[str, Value]) -> Value:
    """A number, and one after another what is done to it with others."""

    def read(moment: Moment) -> Any:
        result = first.read(moment)
        for sign, value in steps:
            result = RECKON[sign](result, value.read(moment))
        return result

    return combined(kind, read, first, *(value for _, value in steps), form=Reckoned(first, steps))


def _step(left: Type, sign: str, right: Value) -> tuple[Type, list[tuple[str, Value]]] | None:
    """What a sum becomes by one more part, and how; None where these do not go together."""
    if (left, right.type) == ("number", "number"):
        return "number", [(sign, right)]
    if (left, right.type) == ("time", "time") and sign == "-":
        return "number", [("-", right), ("/", A_DAY)]
    if (left, right.type) == ("time", "number") and sign in "+-":
        return "time", [(sign, reckoned("number", right, ("*", A_DAY)))]
    return None
