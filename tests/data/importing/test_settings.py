import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput, BadKnob
from slatewright.data.importing.settings import EventFiles, FactsFiles


def test_the_date_of_undated_events() -> None:
    assert EventFiles().undated_instant() is None
    assert EventFiles(undated="2024-01-01").undated_instant() == instant("2024-01-01")
    with pytest.raises(BadInput, match="ISO-8601"):
        EventFiles(undated="last year")


def test_knobs_are_checked() -> None:
    with pytest.raises(BadKnob, match="batch_events must be >= 1000"):
        EventFiles(batch_events=1)
    with pytest.raises(BadKnob, match=r"FactsFiles.columns must be lines like"):
        FactsFiles(columns={"title": 3})  # type: ignore[dict-item]
