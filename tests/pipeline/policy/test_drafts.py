import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.pipeline.policy import Exclude, Pin
from slatewright.pipeline.policy.drafts import Draft
from slatewright.pipeline.policy.rules import Place, Rule
from tests.pipeline.policy.worlds import small_pipeline

PLACE = Place("policy.toml", 1, {"": 1})


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        ({"exclude": "adult", "when": "", "name": "x"}, []),
        ({"exlude": "adult"}, ["there is no setting 'exlude'; did you mean exclude?"]),
        (
            {"exlude": "adult", "by": 2},
            ["there is no setting 'exlude'; did you mean", "there is no setting 'by'; it has exclude, when, name"],
        ),
        ({"pin": "adult", "postion": 0}, ["no setting 'postion'; did you mean position?", "Pin.position must be >= 1"]),
        ({"pin": 3, "position": True}, ["Pin.where must be text, got 3", "Pin.position must be a whole number"]),
        ({"pin": "a <", "bury": "b <", "when": "<"}, ["got bury, pin", "Pin.where", "Bury.where", "Bury.when"]),
        ({"when": "now <", "by": 2}, ["got none of them", ": when: column 6"]),
        ({"bury": "a <", "name": "x"}, ["rule 'x', Bury.where: column 4"]),
        ({"bury": "", "name": ["x"]}, ["Bury.where: column 1: there is nothing here", "Bury.name must be text"]),
    ],
)
def test_one_fault_hides_no_other(told: dict[str, object], faults: list[str]) -> None:
    found = [str(fault) for fault in Draft(told, PLACE).faults(None)]
    assert len(found) == len(faults)
    for said, part in zip(found, faults, strict=True):
        assert said.startswith("policy.toml, rule 1 (line 1): ")
        assert part in said


def test_a_world_knows_more_faults() -> None:
    draft = Draft({"exclude": "brnd == 1", "when": "adult"}, PLACE)
    assert draft.faults(None) == []
    first, second = map(str, draft.faults(small_pipeline().world))
    assert "of items no fact 'brnd' is known" in first
    assert "Exclude.when: it asks about items; that belongs into where, got 'adult'" in second


def test_a_draft_without_faults_is_a_rule() -> None:
    assert Draft({"pin": "adult", "position": 2}, PLACE).rule() == Pin("adult", position=2)
    assert Draft({"exclude": "adult"}, PLACE).rule() == Exclude("adult")


KEYS = st.sampled_from(["include", "pin", "boost", "bst", "when", "whn", "name", "by", "position", "x"])
VALUES = st.sampled_from(["adult", "a <", "", 0, 2, 1.5, True, ["adult"], float("nan")])


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_a_draft_has_faults_where_it_is_no_rule_and_nowhere_else(told: dict[str, object]) -> None:
    draft = Draft(told, PLACE)
    assert (_made(draft) is None) == bool(draft.faults(None))


def _made(draft: Draft) -> Rule | None:
    try:
        return draft.rule()
    except ValueError:
        return None
