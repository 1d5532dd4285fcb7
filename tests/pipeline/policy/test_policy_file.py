from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.errors import BadInput
from slatewright.pipeline.policy import BadRule, Boost, Bury, Exclude, Include, Pin, Rule
from slatewright.pipeline.policy.policy_file import read_policy, rules_of
from tests.pipeline.policy.worlds import small_pipeline

TEXT = """
[[rule]]
name = "no adult items at home"
exclude = 'adult'
when = 'request.surface == "home"'

[[rule]]
include = "price < 50"

[[rule]]
boost = 'category == "tea"'
by = 2

[[rule]]
bury = "stock < 3"

[[rule]]
pin = 'id == "i1"'
position = 3
"""


def test_every_kind_of_rule_is_read() -> None:
    assert rules_of(TEXT) == (
        Exclude("adult", 'request.surface == "home"', "no adult items at home"),
        Include("price < 50"),
        Boost('category == "tea"', by=2),
        Bury("stock < 3"),
        Pin('id == "i1"', position=3),
    )


@pytest.mark.parametrize(
    ("text", "kind", "problem"),
    [
        ("x", BadInput, "policy.toml is not valid TOML"),
        ("[rules]", BadInput, "there is no section 'rules'; a rule begins with"),
        ("[rule]", BadInput, "in two pairs of brackets"),
        ("rule = [1]", BadInput, "in two pairs of brackets"),
        (
            "[[rule]]\nname = 'x'",
            BadRule,
            "rule 1 (line 1): a rule says one of include, exclude, boost, bury, pin, got none",
        ),
        ("[[rule]]\npin = 'a'\nbury = 'b'", BadRule, "got bury, pin"),
        (
            "[[rule]]\nbury = 'a'\nby = 2",
            BadRule,
            "rule 1 (line 3): there is no setting 'by'; it has bury, when, name",
        ),
        ("[[rule]]\nboost = 'a'\nby = 'x'", BadRule, "rule 1 (line 3): Boost.by must be a number, got 'x'"),
        ("[[rule]]\nbury = 'a <'", BadRule, "rule 1 (line 2): Bury.where: column 4"),
        ("[[rule]]\nbury = 3", BadRule, "Bury.where must be text"),
    ],
)
def test_what_is_no_rule_is_told_by_its_number(text: str, kind: type[Exception], problem: str) -> None:
    with pytest.raises(kind) as caught:
        rules_of(text)
    assert problem in str(caught.value)


FAULTY = """
[[rule]]
name = "tea first"
boost = 'category = "tea"'  # one sign is missing

[[rule]]
when = "now <"
exclude = '''
  price < 3
  and (adult
'''
[[rule]]
pin = "id == 'i1'"

[[ rule ]]
by = 3
"""


def test_all_faults_are_told_with_rule_line_and_column() -> None:
    with pytest.raises(BadRule) as caught:
        rules_of(FAULTY)
    message = str(caught.value)
    assert message.startswith(
        "4 faults\npolicy.toml, rule 1 (line 4): rule 'tea first', Boost.where: column 10: write =="
    )
    assert "policy.toml, rule 2 (line 8): Exclude.where: line 2 of the expression, column 13: ) is missing" in message
    assert "for the ( at line 2 of the expression, column 7" in message
    assert "policy.toml, rule 2 (line 7): Exclude.when: column 6" in message
    assert "policy.toml, rule 4 (line 15): a rule says one of" in message
    assert len(caught.value.each) == 4


def test_rules_in_one_line_are_told_by_their_number() -> None:
    with pytest.raises(BadRule, match=r"^policy\.toml, rule 2: Bury\.where: column 4"):
        rules_of("rule = [{pin = 'a'}, {bury = 'a <'}]")


def test_what_a_shop_does_not_know_is_told_of_all_rules_at_once() -> None:
    text = "[[rule]]\nboost = 'prize < 3'\n[[rule]]\nname='x'\nwhen='user.vip'\nexclude = 'adult and brnd == \"a\"'\n"
    with pytest.raises(BadRule) as caught:
        small_pipeline().ruled(rules_of(text))
    first, second, third = map(str, caught.value.each)
    assert first.startswith("policy.toml, rule 1 (line 2): Boost.where: column 1: of items no fact 'prize' is known")
    assert second.startswith(
        "policy.toml, rule 2 (line 6): rule 'x', Exclude.where: column 11: of items no fact 'brnd'"
    )
    assert third.startswith("policy.toml, rule 2 (line 5): rule 'x', Exclude.when: column 1: of users no fact 'vip'")


MIXED = """
[[rule]]
exclude = "adlt"
whn = 'request.surfce == "home"'

[[rul]]
pin = 'item.id = "mug"'
position = 0

[[rule]]
boost = "price < 3"
when = "pirce < 3"
"""


def test_faults_of_form_hide_no_unknown_names() -> None:
    with pytest.raises(BadRule) as caught:
        rules_of(MIXED, world=small_pipeline().world)
    told = [str(fault).splitlines()[0].removeprefix("policy.toml") for fault in caught.value.each]
    assert told == [
        " (line 6): there is no section 'rul'; a rule begins with [[rule]]",
        ", rule 1 (line 3): Exclude.where: column 1: of items no fact 'adlt' is known; did you mean adult?",
        ", rule 1 (line 4): there is no setting 'whn'; did you mean when?",
        ", rule 1 (line 4): Exclude.when: column 1: of a request no fact 'surfce' is known; did you mean surface?",
        ", rule 2 (line 7): Pin.where: column 9: write == to compare",
        ", rule 2 (line 8): Pin.position must be >= 1, got 0",
        ", rule 3 (line 12): Boost.when: column 1: of items no fact 'pirce' is known; did you mean price?",
    ]


def test_every_section_that_is_none_is_told_with_its_line() -> None:
    with pytest.raises(BadRule) as caught:
        rules_of("x = 1\n[rule]\npin = ''\n[[rules]]\n[[rules]]\nbury = 'a'\n[other]\ny = 1\n")
    told = [str(fault).splitlines()[0] for fault in caught.value.each]
    assert told == [
        "policy.toml (line 1): there is no section 'x'; a rule begins with [[rule]]",
        "policy.toml (line 4): there is no section 'rules'; a rule begins with [[rule]]",
        "policy.toml (line 5): there is no section 'rules'; a rule begins with [[rule]]",
        "policy.toml (line 7): there is no section 'other'; a rule begins with [[rule]]",
        "policy.toml (line 2): a rule begins with [[rule]], in two pairs of brackets",
        "policy.toml, rule 1 (line 3): Pin.where: column 1: there is nothing here; write a condition like: price < 50",
        "policy.toml, rule 2 (line 4): a rule says one of include, exclude, boost, bury, pin, got none of them",
    ]


LINES = [
    "[[rule]]", "[rule]", "[[rul]]", "[rule.x]", "rule = [1, {pin = 'a'}]", "pin = 'a'", "x = 1", "bury = '''", "'''",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=7))
def test_of_any_arrangement_either_rules_come_or_a_refusal(lines: list[str]) -> None:
    rules: tuple[Rule, ...] = ()
    with suppress(BadInput):
        rules = rules_of("\n".join(lines))
    assert len(rules) <= lines.count("[[rule]]")


def test_no_file_is_no_rules(tmp_path: Path) -> None:
    assert read_policy(tmp_path / "policy.toml") == ()
    (tmp_path / "policy.toml").write_bytes(b"\xff")
    with pytest.raises(BadInput, match="cannot be read"):
        read_policy(tmp_path / "policy.toml")
