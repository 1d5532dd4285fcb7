from dataclasses import replace

import numpy as np
import pytest

from slatewright.core.errors import BadInput, NotThere
from slatewright.evaluate.reporting.slates import KEPT, LONGEST, MOST_USERS, PLACES, samples

from .worlds import K, asked_of, judged_world

JUDGED = judged_world()
ASKED = asked_of(JUDGED)


def test_a_sample_says_what_was_there_and_what_was_hit() -> None:
    user = JUDGED.cases.users[3]
    (one,) = samples(JUDGED, ASKED, [user, user])
    assert one.who == f"User {user}"
    history = JUDGED.cases.histories.take(np.array([3], dtype=np.int32)).items.tolist()
    assert one.n_had == len(set(history))
    assert one.had[0].title == f"Thing {JUDGED.cases.items.name(history[-1])}"
    right = {f"Thing {JUDGED.cases.items.name(int(at))}" for at in JUDGED.cases.relevant_of(3)}
    assert {thing.title for thing in one.taken} == right
    assert list(one.offers) == ["popularity", "pipeline", "blunt"]
    for offer in one.offers.values():
        assert len(offer.things) == min(K, PLACES)
        assert [thing.hit for thing in offer.things] == [thing.title in right for thing in offer.things]
        assert offer.hits == sum(thing.hit for thing in offer.things)
    offered = {thing.title for offer in one.offers.values() for thing in offer.things}
    assert [thing.hit for thing in one.taken] == [thing.title in offered for thing in one.taken]


def test_without_users_three_histories_are_chosen_and_nobody_is_named() -> None:
    found = samples(JUDGED, ASKED)
    assert [one.who for one in found] == ["A short history", "A middling history", "A long history"]
    assert found[0].n_had <= found[1].n_had <= found[2].n_had
    assert not any(user in repr(found) for user in JUDGED.cases.users)
    assert samples(JUDGED, ASKED) == found


def test_strangers_show_up_where_there_are_many() -> None:
    empty = JUDGED.cases.histories.take(np.zeros(0, dtype=np.int32))
    nobody = empty.spread(np.zeros(len(ASKED), dtype=np.bool_))
    strange = replace(ASKED, cases=replace(ASKED.cases, histories=nobody))
    assert [one.who for one in samples(JUDGED, strange)] == ["No history"]


def test_who_cannot_be_shown_is_refused() -> None:
    with pytest.raises(NotThere, match="no test user 'ghost'"):
        samples(JUDGED, ASKED, ["ghost"])
    with pytest.raises(BadInput, match="at most 12 users"):
        samples(JUDGED, ASKED, [str(at) for at in range(MOST_USERS + 1)])


def test_a_title_may_be_a_megabyte_and_a_list_is_cut() -> None:
    judged = judged_world("x" * 1_000_000)
    for one in samples(judged, asked_of(judged)):
        assert len(one.had) <= KEPT
        assert all(len(thing.title) <= LONGEST for thing in (*one.had, *one.taken))
