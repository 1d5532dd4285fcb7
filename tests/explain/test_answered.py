from pathlib import Path

import pytest

from slatewright.core.errors import BadInput, NotThere
from slatewright.explain.answered import answered, kept_in
from slatewright.explain.four_stages import four_stages
from slatewright.explain.why import why_of
from slatewright.pipeline import Exclude, Pipeline, Request
from slatewright.pipeline.keeping import keep
from slatewright.pipeline.policy.policy_file import rules_of
from slatewright.pipeline.running import run
from slatewright.store.kept_slates import Entry, KeptSlates, name_of
from slatewright.testing.town import AS_OF, town_pipeline


def opening(version: str) -> Pipeline:
    assert version == "v1"
    return town_pipeline()


def keeping(folder: Path, body: bytes, policy: str = "") -> KeptSlates:
    slates = KeptSlates(kept_in(folder), 100_000)
    slates.start()
    slates.offer(Entry("s1", "u000", AS_OF, "v1"), lambda: body, policy)
    slates.stop()
    return slates


def test_a_kept_answer_tells_what_the_live_one_told(tmp_path: Path) -> None:
    town = town_pipeline()
    request = Request(3, AS_OF, "u000")
    outcome = run(town.stages, town.query(request))
    found = answered(keeping(tmp_path, keep(town.ask(request), "v1")), "s1", opening)
    assert found.stages == four_stages(town, outcome)
    for item in range(len(town.world.catalogue)):
        item_id = town.world.catalogue.items.name(item)
        live, then = why_of(town, outcome, item_id), found.why(item_id)
        assert {**then.as_dict(), "model_ranks": 0, "sentences": 0} == {
            **live.as_dict(), "model_ranks": 0, "sentences": 0
        }  # fmt: skip
        assert then.sentences[0] == live.sentences[0]
    assert "Slate s1" in found.page()
    assert "position 1" in found.page(found.stages.slate[0].item_id)


def test_what_was_not_kept_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotThere, match="no slate 's9' is kept"):
        answered(keeping(tmp_path, b""), "s9", opening)


def test_foreign_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no parcel"):
        answered(keeping(tmp_path, b"something else"), "s1", opening)


def test_rules_that_came_since_had_no_part_in_it(tmp_path: Path) -> None:
    town = town_pipeline()
    slates = keeping(tmp_path, keep(town.ask(Request(3, AS_OF, "u000")), "v1"))
    shown = answered(slates, "s1", opening).stages.slate[0].item_id
    ruled = town.ruled((Exclude(f'id in ["{shown}", "i002"]', name="gone"),))
    today = answered(slates, "s1", lambda version: ruled)
    assert today.why(shown).position == 1
    assert today.why(shown).rules == ()
    assert (today.why("i002").dropped_by, today.why("i002").rules) == (("seen",), ())
    assert why_of(ruled, run(ruled.stages, ruled.query(Request(3, AS_OF, "u000"))), "i002").rules == ("gone",)


def test_the_rules_of_then_are_told_whatever_holds_today(tmp_path: Path) -> None:
    policy = '[[rule]]\nexclude = \'id in ["i001", "i004"]\'\nname = "withdrawn"\n'
    then = town_pipeline().ruled(rules_of(policy), policy)
    body = keep(then.ask(Request(3, AS_OF, "u000")), "v1", name_of(policy))
    changed = town_pipeline().ruled((Exclude("true", name="everything"),), "[[rule]]\nexclude = 'true'\n")
    for opened in (town_pipeline(), changed, then):
        found = answered(keeping(tmp_path, body, policy), "s1", lambda version, opened=opened: opened)  # type: ignore[misc]
        assert found.policy == policy
        assert found.why("i004").rules == ("withdrawn",)
        assert "withdrawn" in found.page()
    none = keeping(tmp_path / "none", keep(town_pipeline().ask(Request(3, AS_OF, "u000")), "v1"))
    assert answered(none, "s1", lambda version: changed).policy == ""
    with pytest.raises(BadInput, match="rules by which slate 's1' was made are not kept"):
        answered(keeping(tmp_path / "lost", body), "s1", opening)
