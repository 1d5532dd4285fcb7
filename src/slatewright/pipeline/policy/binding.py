"""Rules bound to a world: each with its compiled conditions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.policy.condition import Condition, quiet
from slatewright.pipeline.policy.rules import KINDS, BadRule, Rule, together
from slatewright.pipeline.policy.values import Moment

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, eq=False)
class BoundRule(Generic[R]):
    """A rule and what its expressions mean here; call its verbs inside ``quiet``."""

    rule: R
    where: Condition
    when: Condition | None

    @property
    def always(self) -> bool:
        """Whether it asks nothing of the request alone."""
        return self.when is None and self.where.gate is None

    def open(self, moment: Moment) -> bool:
        """Whether it may say anything of this request."""
        return self.holds(moment) and self.where.open(moment)

    def holds(self, moment: Moment) -> bool:
        """Whether ``when`` is true."""
        return self.when is None or self.when.open(moment)


def bind_rules(
    rules: Iterable[Rule], kinds: tuple[type[R], ...], facts: ItemFacts, user_facts: Frame
) -> list[BoundRule[R]]:
    """The rules of some kinds, bound in their order.

    Raises:
        BadRule: an expression names what nobody knows, or its types do not go together; all faults are told.
    """
    found, faults = list[BoundRule[R]](), list[BadRule]()
    for rule in rules:
        if isinstance(rule, kinds):
            try:
                found.append(_bound(rule, facts, user_facts))
            except BadRule as error:
                faults.append(error)
    if faults:
        raise together(faults)
    return found


def check_rules(rules: Sequence[Rule], facts: ItemFacts, user_facts: Frame) -> None:
    """Let pass rules that can be bound.

    Raises:
        BadRule: some of them cannot; all faults are told.
    """
    bind_rules(rules, KINDS, facts, user_facts)


def about(rules: Sequence[Rule], facts: ItemFacts, user_facts: Frame) -> list[int | None]:
    """How many items of the catalogue each rule is about; None where that depends on the request.

    Raises:
        BadRule: one of them cannot be used.
    """
    found: list[BoundRule[Rule]] = bind_rules(rules, KINDS, facts, user_facts)
    everything = Moment(facts, None, None)
    with quiet():
        return [None if one.where.asks_request else int(one.where.read(everything).sum()) for one in found]


def _bound(rule: R, facts: ItemFacts, user_facts: Frame) -> BoundRule[R]:
    found, faults = dict[str, Condition | None](), list[BadRule]()
    for field in ("where", "when"):
        text = getattr(rule, field)
        try:
            found[field] = meant(field, text, facts, user_facts) if text else None
        except BadInput as error:
            faults.append(rule.wrong(field, error))
    if faults:
        raise together(faults)
    where = found["where"]
    if where is None:
        raise rule.wrong("where", "there is nothing here")
    return BoundRule(rule, where, found["when"])


def meant(field: str, text: str, facts: ItemFacts, user_facts: Frame) -> Condition:
    """What the expression of a rule's field, ``where`` or ``when``, means here.

    Raises:
        BadInput: it names what nobody knows, its types do not go together, or when asks about items.
    """
    made = Condition(text, facts, user_facts)
    if field == "when" and made.asks_item:
        raise BadInput(f"it asks about items; that belongs into where, got {text!r}")
    return made
