from pathlib import Path

import pytest

from slatewright.core.errors import BadInput
from slatewright.pipeline.policy import BadRule, Boost, Bury, Exclude, Include, Pin
from slatewright.pipeline.policy.policy_file import read_policy, rules_of

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
        ("[[rule]]\nname = 'x'", BadRule, "rule 1: a rule says one of include, exclude, boost, bury, pin, got none"),
        ("[[rule]]\npin = 'a'\nbury = 'b'", BadRule, "got bury, pin"),
        ("[[rule]]\nbury = 'a'\nby = 2", BadRule, "rule 1: there is no setting 'by'; it has where, when, name"),
        ("[[rule]]\nboost = 'a'\nby = 'x'", BadRule, "rule 1: Boost.by must be a number, got 'x'"),
        ("[[rule]]\nbury = 'a <'", BadRule, "rule 1: Bury.where: column 4"),
        ("[[rule]]\nbury = 3", BadRule, "Bury.where must be text"),
    ],
)
def test_what_is_no_rule_is_told_by_its_number(text: str, kind: type[Exception], problem: str) -> None:
    with pytest.raises(kind) as caught:
        rules_of(text)
    assert problem in str(caught.value)


def test_no_file_is_no_rules(tmp_path: Path) -> None:
    assert read_policy(tmp_path / "policy.toml") == ()
    (tmp_path / "policy.toml").write_bytes(b"\xff")
    with pytest.raises(BadInput, match="cannot be read"):
        read_policy(tmp_path / "policy.toml")
