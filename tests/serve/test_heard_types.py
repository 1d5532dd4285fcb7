import pytest

from slatewright.core.errors import BadInput
from slatewright.serve import heard_types
from slatewright.serve.heard_types import HeardTypes


def test_the_first_type_holds_unless_a_bundle_knows_better() -> None:
    heard = HeardTypes()
    heard.check("lamp", 7, None)
    with pytest.raises(BadInput, match="'lamp' must be a number"):  # of the same batch, or of one beside it
        heard.check("lamp", "red", None)
    heard.hear({"lamp": "red", "nothing": None})  # what is durable counts for more than what was asked
    heard.hear({"lamp": 7})
    heard.check("lamp", "blue", None)
    heard.check("nothing", True, None)
    heard.check("lamp", 7, "number")
    with pytest.raises(BadInput, match="'lamp' must be a text, got 7"):
        heard.check("lamp", 7, None)


def test_names_that_nobody_means_fill_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heard_types, "_MOST_NAMES", 2)
    heard = HeardTypes()
    for name in "abc":
        heard.hear({name: 7})
    with pytest.raises(BadInput):
        heard.check("b", "red", None)
    heard.check("c", "red", None)
