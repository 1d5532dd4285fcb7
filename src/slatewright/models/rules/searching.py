"""From baskets to rules in one step, with knobs that are checked."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.knobs import Knob, check_knobs
from slatewright.models.rules.baskets import Baskets
from slatewright.models.rules.deriving import rules_of
from slatewright.models.rules.mining import frequent_sets
from slatewright.models.rules.rule_table import RuleTable

SUPPORT = Knob("share of the baskets that must hold all items of a rule", above=0, most=1, search=(1e-4, 1e-2))
BASKETS = Knob("and at least so many baskets", least=1, search=(2, 20))
CONFIDENCE = Knob("share of the baskets with its left side in which a rule holds", least=0, most=1, search=(0, 0.5))
LIFT = Knob("how many times more often than by chance the two sides meet", least=0, search=(1, 3))
LENGTH = Knob("items of a rule, both sides", least=2, search=(2, 5))


@dataclass(frozen=True)
class RuleSearch:
    """Which rules are found."""

    min_support: Annotated[float, SUPPORT] = 0.005
    min_baskets: Annotated[int, BASKETS] = 5
    min_confidence: Annotated[float, CONFIDENCE] = 0.1
    min_lift: Annotated[float, LIFT] = 1.0
    max_length: Annotated[int, LENGTH] = 4
    most_consequents: Annotated[int, Knob("items on the right-hand side at most", least=1)] = 1

    def __post_init__(self) -> None:
        check_knobs(self)

    def find(self, baskets: Baskets) -> RuleTable:
        """The rules, in the order of the mining.

        Raises:
            BadInput: there are too many.
        """
        support = max(self.min_support, self.min_baskets / max(1, len(baskets)))
        sets = frequent_sets(baskets, support, max_length=self.max_length)
        found = rules_of(sets, self.min_confidence, most_consequents=self.most_consequents)
        return found.take(np.flatnonzero(found.lift >= self.min_lift))
