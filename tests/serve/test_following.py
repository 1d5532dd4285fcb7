"""Two workers on one shop: what one acknowledges, the other knows before its next answer."""

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import pytest

from slatewright.core.clock import wall_clock
from slatewright.core.errors import BadInput
from slatewright.events.journal import Arrived, Events, Journal
from slatewright.events.records import Impression, Interaction, ItemUpdate, UserUpdate
from slatewright.pipeline.policy.policy_file import POLICY
from slatewright.pipeline.request import Request
from slatewright.serve.asked import Asked
from slatewright.serve.following import Following, TakeIn, events_of
from slatewright.serve.metrics import Metrics
from slatewright.serve.service import Service
from slatewright.serve.settings import Serving
from slatewright.serve.workers import Bell
from slatewright.serve.workers.bell import size_for
from slatewright.store.shop import Shop
from tests.serve.workers.crews import crews

QUIET = Serving(flush_seconds=3600, watch_seconds=3600)
USER = "u00003"


@pytest.fixture
def workers(shop: Shop, tmp_path: Path) -> Iterator[list[Service]]:
    """Two services whose background work never wakes up by itself."""
    with crews(tmp_path) as made:
        running = [Service(shop, QUIET, Metrics(), None, crew) for crew in made]
        for service in running:
            service.start()
        yield running
        for service in running:
            service.stop()


def view(name: str, item: str) -> Interaction:
    return Interaction(name, USER, item, "view", wall_clock())


def ids(service: Service, k: int = 10) -> list[str]:
    slate = service.answer(service.bundle(), Asked(Request(k, wall_clock(), user_id=USER)))
    return [item.item_id for item in slate.items]


def test_what_one_acknowledges_the_next_answer_of_the_other_obeys(workers: list[Service]) -> None:
    one, other = workers
    for taker, answerer in ((one, other), (other, one), (one, one)):
        item = ids(answerer)[0]
        before = answerer.mark(answerer.bundle(), USER)
        assert taker.accept([view(f"seen-{item}", item)], []).accepted == 1
        assert answerer.following.behind() is (taker is not answerer)
        assert item not in ids(answerer)
        assert not answerer.following.behind()
        assert answerer.mark(answerer.bundle(), USER) != before  # an answer from before is not given again
    other.following.catch_up()
    assert one.live.read(USER) == other.live.read(USER)
    assert one.accept([view(f"seen-{item}", item)], []).duplicates == 1


def test_what_is_popular_leaves_out_what_another_worker_knows_to_be_seen(workers: list[Service]) -> None:
    one, other = workers
    asked = Asked(Request(5, wall_clock(), user_id=USER))
    first = other.popular(asked).items[0].item_id
    one.accept([view("bought", first)], [])
    assert first not in [item.item_id for item in other.popular(asked).items]


def test_facts_told_to_one_are_facts_for_all(workers: list[Service]) -> None:
    one, other = workers
    item = ids(other)[0]
    before = other.mark(other.bundle(), None)
    one.take([Events(item_updates=[ItemUpdate("hide", item, wall_clock(), {"hidden": True})])])
    assert item not in ids(other)
    assert other.mark(other.bundle(), None) != before
    one.take([Events(item_updates=[ItemUpdate("show", item, wall_clock(), {"hidden": False})])])
    assert item in ids(other)


def test_the_mark_of_an_answer_is_that_of_every_process_that_knows_the_same(workers: list[Service], shop: Shop) -> None:
    one, other = workers
    names = ids(other, 3)
    made = one.mark(one.bundle(), USER)
    assert made == other.mark(other.bundle(), USER)
    one.take([Events(item_updates=[ItemUpdate("a", names[0], wall_clock(), {"price": 3, "hidden": True})])])
    assert one.mark(one.bundle(), USER) != made  # one knows it, the other not yet: no answer is the other's
    other.take([Events(item_updates=[ItemUpdate("b", names[1], wall_clock(), {"price": 3})])])
    one.following.catch_up()
    (shop.root / POLICY).write_text("[[rule]]\nexclude = 'price > 1e6'\n", encoding="utf-8")
    marks = set()
    for service in (one, other):
        told = service.mark(service.bundle(), USER)
        service.look()
        marks.add(service.mark(service.bundle(), USER))
        assert told not in marks
    again = Service(shop, QUIET, Metrics())
    again.start()
    assert {*marks, again.mark(again.bundle(), USER)} == marks
    assert len(marks) == 1
    again.stop()


def test_a_new_fact_has_one_type_for_all_workers_and_after_a_restart(workers: list[Service], shop: Shop) -> None:
    one, other = workers
    for update in (
        Events(item_updates=[ItemUpdate("item", "nobody's", wall_clock(), {"lamp": "red"})]),
        Events(user_updates=[UserUpdate("user", USER, wall_clock(), {"lamp": 7})]),
    ):
        one.take([update])
    other.following.catch_up()
    again = Service(shop, QUIET, Metrics())
    again.start()
    for service in (one, other, again):
        world = service.bundle().world
        service.facts.check("lamp", "blue", world)
        service.told.check("lamp", 8, world)
        with pytest.raises(BadInput, match="'lamp' must be a text"):
            service.facts.check("lamp", 8, world)
        with pytest.raises(BadInput, match="'lamp' must be a number"):
            service.told.check("lamp", "blue", world)
    again.stop()


def test_what_nobody_rang_for_is_seen_at_the_next_look(workers: list[Service], shop: Shop) -> None:
    item = ids(workers[0])[0]
    with Journal(shop.journal) as journal:  # another program, or a worker that was killed right after its commit
        journal.append([view("quiet", item)])
    assert item in ids(workers[0])
    for service in workers:
        service.look()
        assert item not in ids(service)


def test_one_moves_events_for_all_and_the_other_goes_on_when_it_stops(shop: Shop, tmp_path: Path) -> None:
    with crews(tmp_path) as made:
        one, other = (Service(shop, QUIET, Metrics(), None, crew) for crew in made)
        one.start()
        other.start()
        assert [crew.duty.mine() for crew in made] == [True, False]
        other.accept([view("first", "COF-0000")], [])
        other.stop()  # the duty is not its own
        assert one.journal.waiting() == 1
        one.stop()
    with Journal(shop.journal) as journal:
        assert journal.waiting() == 0


class Shelf:
    """What a follower took in, and how often it had to read everything back."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.failed: list[str] = []
        self.reloads = 0
        self.broken = False

    def reload(self) -> None:
        self.reloads += 1

    def see(self, taken: Sequence[Events]) -> None:
        if self.broken:
            raise RuntimeError("not now")
        self.seen += [one.event_id for events in taken for one in events.interactions]


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[tuple[Journal, Following, Shelf]]:
    days = count()
    shelf = Shelf()
    with (tmp_path / "bell").open("w+b") as file:
        file.truncate(size_for(1))
        bell = Bell(file.fileno(), 0, 1)
        with Journal(tmp_path / "journal.sqlite", keep_days=0.5, clock=lambda: next(days) * 86_400_000_000) as journal:
            following = Following(journal, bell, TakeIn(shelf.see, shelf.reload, shelf.failed.append))
            yield journal, following, shelf
        bell.close()


def test_nothing_is_followed_before_it_begins(followed: tuple[Journal, Following, Shelf]) -> None:
    journal, following, shelf = followed
    journal.append([view("early", "a")])
    following.took(())
    following.begin()
    journal.append([view("late", "a")])
    following.took(())
    assert shelf.seen == ["late"]


def test_rows_that_went_before_they_were_read_are_read_back(
    followed: tuple[Journal, Following, Shelf], tmp_path: Path
) -> None:
    journal, following, shelf = followed
    following.begin()
    for name in ("one", "two", "three"):
        journal.append([view(name, "a")])
    journal.flush(Shop(tmp_path, {}).log)
    following.look()
    assert (shelf.reloads, shelf.seen) == (1, [])
    journal.append([view("four", "a")])
    following.look()
    assert (shelf.reloads, shelf.seen) == (1, ["four"])


def test_what_cannot_be_taken_in_stops_no_answer_and_nothing_after_it(
    followed: tuple[Journal, Following, Shelf],
) -> None:
    journal, following, shelf = followed
    following.begin()
    shelf.broken = True
    journal.append([view("one", "a")])
    following.took(())
    assert shelf.failed == ["follow"]
    shelf.broken = False
    journal.append([view("two", "a")])
    following.took(())
    assert (shelf.seen, shelf.failed) == (["two"], ["follow"])


def test_rows_become_the_records_that_were_written(tmp_path: Path) -> None:
    interaction = Interaction("a", "user", "item", "purchase", 5, 2.0, "slate", "session", 1.5, 3.0)
    impression = Impression("b", "slate", None, ("x", "y"), 6, "home", "top", "v", ("s", "t"), (0.5, 0.25))
    update = ItemUpdate("c", "item", 7, {"price": 2.5, "categories": ("tea",), "hidden": False})
    of_user = UserUpdate("d", "user", 8, {"country": "IT"})
    with Journal(tmp_path / "journal.sqlite") as journal:
        journal.append([interaction], [impression], [update], [of_user])
        arrived = journal.after(0)
        told = events_of(arrived)
        assert events_of(Arrived("", 0, 0, ())) == Events([], [], [], [])
    assert told.user_updates == [of_user]
    assert (told.interactions, told.impressions) == ([interaction], [impression])
    assert [(one.event_id, one.item_id, one.time) for one in told.item_updates] == [("c", "item", 7)]
    assert told.item_updates[0].facts == {"price": 2.5, "categories": ["tea"], "hidden": False}
