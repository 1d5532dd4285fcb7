"""The types of facts that no bundle knows yet: the first that was told of a fact holds until the next training."""

from collections.abc import Mapping

from slatewright.pipeline.fact_columns import Type, check_fact, type_of_value

_MOST_NAMES = 10_000  # names of facts whose type is remembered, so that wrong ones fill no memory


class HeardTypes:
    """Learns from what is durable, so that all who take in the same journal hold new facts to the same types."""

    def __init__(self) -> None:
        self._types: dict[str, Type] = {}
        self._asked: dict[str, Type] = {}  # until it is durable, so that requests which come together agree

    def check(self, name: str, value: object, known: Type | None) -> None:
        """Let pass a value that the next training can learn beside all others of its fact.

        Raises:
            BadInput: it is of another type than is ``known`` of the fact, or than the first that was heard.
        """
        check_fact(name, value, known or self._types.get(name) or self._asked.get(name))
        if known is None and name not in self._types:
            _remember(self._asked, name, value)

    def hear(self, facts: Mapping[str, object]) -> None:
        """Remember the types of facts that were told."""
        for name, value in facts.items():
            _remember(self._types, name, value)
            self._asked.pop(name, None)


def _remember(types: dict[str, Type], name: str, value: object) -> None:
    kind = type_of_value(value)
    if kind is not None and len(types) < _MOST_NAMES:
        types.setdefault(name, kind)
