"""Rules around a whole recipe: in slates, in reasons, and beside the rules of a shop."""

import pytest

from slatewright.explain.why import why
from slatewright.pipeline import Boost, Bury, Exclude, Include, Pin, Pipeline
from slatewright.pipeline.policy import BadRule, Rule
from slatewright.pipeline.request import Request
from slatewright.testing.town import AS_OF, town, town_pipeline, town_recipe


def ruled(*rules: Rule) -> Pipeline:
    return Pipeline(town_recipe(rules=rules), town_pipeline().world).opened()


@pytest.mark.parametrize("user", ["u001", None])
def test_slates_obey_every_kind_of_rule(user: str | None) -> None:
    pipeline = ruled(
        Exclude('id == "i009"'), Include("sellable or missing(title)"), Bury('category == "tea"'),
        Boost('id == "i013"', by=20), Pin('id == "i024"', position=3),
    )  # fmt: skip
    slate = pipeline.ask(Request(8, AS_OF, user))
    assert slate.item_ids[0] == "i013"
    assert slate.item_ids[2] == "i024"
    assert "i009" not in slate.item_ids
    numbers = [int(name[1:]) for at, name in enumerate(slate.item_ids) if at != 2]
    assert [number % 2 for number in numbers] == sorted((number % 2 for number in numbers), reverse=True)
    assert not slate.trace.notes


def test_reasons_name_the_rules() -> None:
    pipeline = ruled(Exclude('id == "i009"', name="no nine"), Boost('id == "i013"', name="push"), Bury('id == "i005"'))
    query = pipeline.query(Request(5, AS_OF, "u000"))
    assert "By the rules of the shop it is not shown: 'no nine'." in why(pipeline, query, "i009").sentences
    assert why(pipeline, query, "i009").rules == ("no nine",)
    found = why(pipeline, query, "i013")
    assert found.parts["push"] > 0
    assert 'bury id == "i005"' not in found.parts
    assert found.score is not None
    assert sum(found.parts.values()) == pytest.approx(found.score, abs=1e-4)
    newcomer = pipeline.query(Request(5, AS_OF))
    assert why(pipeline, newcomer, "i013").parts.keys() == {"sources", "push"}


def test_other_rules_hold_beside_those_of_the_recipe_and_bind_nothing_else_again() -> None:
    pipeline = ruled(Exclude('id == "i009"'))
    other = pipeline.ruled([Exclude('id == "i013"')])
    assert other.bare is pipeline.bare
    shown = set(other.ask(Request(25, AS_OF)).item_ids)
    assert shown.isdisjoint({"i009", "i013"})
    assert "i013" in other.ruled([]).ask(Request(25, AS_OF)).item_ids
    with pytest.raises(BadRule, match="did you mean title"):
        pipeline.ruled([Exclude('titel == "x"')])


def test_a_recipe_whose_rules_name_what_nobody_knows_is_not_fitted() -> None:
    with pytest.raises(BadRule, match="did you mean title"):
        Pipeline.fit(town_recipe(rules=(Exclude('titel == "x"'),)), town())
