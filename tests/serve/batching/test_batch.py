"""Batches: the same slates as one by one, whole or not at all, whatever stops them."""

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY, instant
from slatewright.core.errors import BadInput, BadKnob, Busy, NotThere, NotWritten
from slatewright.events.journal import Journal
from slatewright.events.records import Interaction, ItemUpdate
from slatewright.events.writer_lock import writer_lock
from slatewright.features.live import LiveHistories
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.policy.policy_file import POLICY
from slatewright.pipeline.request import Request
from slatewright.serve.asking import query_of
from slatewright.serve.batching import Wish, batch
from slatewright.serve.batching.batch import sink_of
from slatewright.serve.batching.database import COLUMNS
from slatewright.serve.batching.job import Desk
from slatewright.serve.live_bundle import LiveBundle
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop

NOW = instant("2024-04-02")
FRESH = Interaction("fresh-1", "u00003", "KIT-0001", "purchase", NOW - MICROSECONDS_PER_DAY // 2)


def told(shop: Shop, event: Interaction) -> None:
    """Something happened since the bundle learned; it waits in the journal."""
    journal = Journal(shop.journal)
    journal.append([event], [])
    journal.close()


def one_by_one(shop: Shop, k: int, users: list[str]) -> list[tuple[object, ...]]:
    """What the server would answer to each of these users."""
    version = Shelf(shop.bundles).live()
    assert version is not None
    bundle = LiveBundle(version, open_pipeline(shop, version), shop.weighing())
    live = LiveHistories()
    live.apply([FRESH])
    rows: list[tuple[object, ...]] = []
    for user in users:
        query = query_of(bundle, Request(k, NOW, user, surface="home"), live.read(user))
        slate = bundle.pipeline.answer(query)
        rows += [
            (user, one.position, one.item_id, one.score, one.source, slate.fallback, slate.slate_id, version)
            for one in slate.items
        ]
    return rows


def rows_of(place: Path) -> list[tuple[object, ...]]:
    slates = pl.read_parquet(place / "*.parquet")
    assert slates.schema == pl.Schema(COLUMNS)
    assert (slates["time"].dt.epoch("us") == NOW).all()
    return slates.drop("time").rows()


def test_a_batch_is_what_each_user_would_be_answered(shop: Shop, tmp_path: Path) -> None:
    told(shop, FRESH)
    users = [*open_pipeline(shop).world.known.users.names.to_list(), "nobody knows"]
    wish = Wish(str(tmp_path / "out"), 7, tuple(users), surface="home", part_users=40)
    done = batch(shop, wish, now=NOW)
    assert (done.users, done.made_now, done.resumed) == (len(users), len(users), False)
    assert rows_of(tmp_path / "out") == one_by_one(shop, 7, users)
    assert not list(shop.batches.glob("*/job.json"))


def test_two_processes_make_the_same_also_after_one_of_them_died(shop: Shop, tmp_path: Path) -> None:
    told(shop, FRESH)
    users = open_pipeline(shop).world.known.users.names.to_list()
    wish = Wish(str(tmp_path / "out"), 7, tuple(users), surface="home", part_users=10)

    def kill_one(step: str, done: int, total: int) -> None:
        if step == "make slates" and done == 20:
            multiprocessing.active_children()[0].kill()

    with pytest.raises(NotWritten, match=r"is gone: its process was ended by SIGKILL.*run the same command again"):
        batch(shop, wish, now=NOW, processes=2, progress=kill_one)
    assert not multiprocessing.active_children()
    done = batch(shop, wish, now=NOW, processes=2)
    assert done.made_now <= len(users) - 20
    assert rows_of(tmp_path / "out") == one_by_one(shop, 7, users)


def test_a_batch_obeys_the_rules_of_the_shop_and_what_was_told_of_its_items(shop: Shop, tmp_path: Path) -> None:
    wish = Wish(str(tmp_path / "out"), 20, ("nobody",))
    batch(shop, wish, now=NOW)
    before = [str(row[2]) for row in rows_of(tmp_path / "out")]
    gone, room = before[0], before[1][:3]
    (shop.root / POLICY).write_text(f"[[rule]]\nexclude = 'starts_with(item.id, \"{room}\")'\n", encoding="utf-8")
    journal = Journal(shop.journal)
    journal.append([], [], [ItemUpdate("told-1", gone, NOW - 1, {"hidden": True})])
    journal.close()
    batch(shop, wish, now=NOW)
    after = [str(row[2]) for row in rows_of(tmp_path / "out")]
    assert len(after) == 20
    assert gone not in after
    assert not [item for item in after if item.startswith(room)]


def test_without_names_all_users_of_the_bundle_get_a_slate(shop: Shop, tmp_path: Path) -> None:
    batch(shop, Wish(str(tmp_path / "out"), 3), now=NOW)
    known = open_pipeline(shop).world.known.users.names.to_list()
    assert list(dict.fromkeys(row[0] for row in rows_of(tmp_path / "out"))) == known


def test_nobody_gets_an_empty_table(shop: Shop, tmp_path: Path) -> None:
    batch(shop, Wish(str(tmp_path / "out"), 3, ()), now=NOW)
    assert rows_of(tmp_path / "out") == []
    assert list(shop.batches.iterdir()) == []  # what is done leaves nothing behind


class Stopped(Exception):
    """The batch is stopped here."""


def stop_after(parts: int) -> Callable[[str, int, int], None]:
    """A progress that stops the batch once so many parts are there."""
    told: list[int] = []

    def progress(step: str, done: int, total: int) -> None:
        told.append(done)
        if step == "make slates" and done >= parts * 10:
            raise Stopped

    return progress


@pytest.mark.parametrize("place", ["folder", "sqlite"])
def test_a_batch_that_was_stopped_goes_on_and_is_the_same(shop: Shop, tmp_path: Path, place: str) -> None:
    users = tuple(f"u{number:05}" for number in range(35))
    to = str(tmp_path / "out") if place == "folder" else f"sqlite:///{tmp_path}/out.db"
    wish = Wish(to, 4, users, part_users=10)
    old = replace(wish, k=2)
    batch(shop, old, now=NOW)
    before = shown(wish)
    with pytest.raises(Stopped):
        batch(shop, wish, now=NOW, progress=stop_after(2))
    assert shown(wish) == before  # whoever reads sees the batch before, whole
    done = batch(shop, wish, now=NOW + 1)  # the instant is that of the beginning
    assert (done.made_now, done.resumed) == (15, True)
    whole = shown(wish)
    batch(shop, replace(wish, to=f"{to}.again"), now=NOW)
    assert whole == shown(replace(wish, to=f"{to}.again"))
    assert len(whole) == 35 * 4


def shown(wish: Wish) -> list[tuple[object, ...]]:
    """What a reader of the place sees."""
    if not wish.to.startswith("sqlite"):
        return rows_of(Path(wish.to))
    with closing(sqlite3.connect(wish.to.removeprefix("sqlite:///"))) as connection:
        return connection.execute(f"SELECT * FROM {wish.table} ORDER BY user_id, position").fetchall()  # noqa: S608


@pytest.mark.parametrize("step", ["moved away", "in place", "told nobody"])
def test_a_folder_killed_while_it_is_put_in_place_goes_on(shop: Shop, tmp_path: Path, step: str) -> None:
    out, beside, before = tmp_path / "out", tmp_path / ".out.writing", tmp_path / ".out.before"
    wish = Wish(str(out), 4, ("u00001", "u00002"), part_users=1)
    batch(shop, replace(wish, k=2), now=NOW)
    with pytest.raises(Stopped):
        batch(shop, wish, now=NOW, progress=stop_at_the_end)
    assert beside.is_dir()
    out.rename(before)
    if step != "moved away":
        beside.rename(out)
    if step == "told nobody":
        subprocess.run(["rm", "-r", str(before)], check=True)
    assert batch(shop, wish, now=NOW).made_now == 0
    assert len(rows_of(out)) == 8
    assert not beside.exists()
    assert not before.exists()


def stop_at_the_end(step: str, done: int, total: int) -> None:
    if step == "put them in place":
        raise Stopped


HOLDS = """
import fcntl, sys
file = open(sys.argv[1], "a")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""
KILLED = """
import sys
from slatewright.serve.batching import Wish, batch
from slatewright.store.shop import Shop
users = tuple(f"u{number:05}" for number in range(60))
def tell(step, done, total):
    print(step, done, flush=True)
if __name__ == "__main__":
    wish = Wish(sys.argv[2], 4, users, part_users=5)
    batch(Shop.open(sys.argv[1]), wish, now=int(sys.argv[3]), progress=tell)
"""


@pytest.mark.parametrize("kills", [(20,), pytest.param((0, 5, 35, 45), marks=pytest.mark.long)])
def test_sigkill_at_any_moment_costs_at_most_the_part_in_hand(
    shop: Shop, tmp_path: Path, kills: tuple[int, ...]
) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    out = tmp_path / "out"
    command = [sys.executable, str(script), str(shop.root), str(out), str(NOW)]
    for enough in kills:
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("make") and int(line.split()[-1]) >= enough:
                    os.kill(process.pid, signal.SIGKILL)
                    break
        assert process.returncode == -signal.SIGKILL
        assert not out.exists()
    users = tuple(f"u{number:05}" for number in range(60))
    done = batch(shop, Wish(str(out), 4, users, part_users=5), now=NOW)
    assert done.resumed
    assert done.made_now <= 60 - kills[-1]
    batch(shop, Wish(f"{out}.again", 4, users, part_users=5), now=NOW)
    assert rows_of(out) == rows_of(tmp_path / "out.again")


@pytest.mark.postgres
def test_slates_in_postgres_go_on_and_replace_those_before(shop: Shop, postgres: str) -> None:
    psycopg = pytest.importorskip("psycopg")
    users = ("u00001", 'u"x,\n', "u00002")
    wish = Wish(postgres, 4, users, part_users=1)
    batch(shop, replace(wish, k=2), now=NOW)
    with pytest.raises(Stopped):
        batch(shop, wish, now=NOW, progress=stop_at_the_end)
    with psycopg.connect(postgres) as connection:
        assert connection.execute("SELECT count(*) FROM slates").fetchone() == (6,)
    batch(shop, wish, now=NOW, processes=2)
    with psycopg.connect(postgres) as connection:
        rows = connection.execute("SELECT * FROM slates ORDER BY user_id, position").fetchall()
        assert len(rows) == 12
        assert {row[0] for row in rows} == set(users)
        assert {row[-1].timestamp() for row in rows} == {NOW / 1e6}
        assert {row[5] for row in rows if row[0] == 'u"x,\n'} == {"newcomer"}
        assert {row[5] for row in rows if row[0] == "u00001"} <= {None, "filled"}
        left = connection.execute("SELECT to_regclass('slates_writing')").fetchone()
    assert left == (None,)


def test_what_no_batch_has_written_stays(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(BadInput, match="was not written by slatewright batch"):
        batch(shop, Wish(str(tmp_path / "mine"), 3, ()), now=NOW)
    assert (tmp_path / "mine" / "thesis.txt").exists()
    with closing(sqlite3.connect(tmp_path / "mine.db")) as connection:
        connection.execute("CREATE TABLE slates (of_roof TEXT)")
        connection.execute("CREATE TABLE Mail_Writing (of_roof TEXT)")
        connection.execute("CREATE VIEW seen AS SELECT 1")
    for table, name in (("slates", "slates"), ("SLATES", "slates"), ("mail", "mail_writing"), ("seen", "seen")):
        with pytest.raises(BadInput, match=f"the table {name} is there and was not written by slatewright batch"):
            batch(shop, Wish(f"sqlite:///{tmp_path}/mine.db", 3, (), table=table), now=NOW)


def test_one_place_has_one_batch_however_it_is_written(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    for to, same in (("out", f"{tmp_path}/elsewhere/../out/"), ("sqlite:///a.db", f"sqlite:///{tmp_path}/a.db")):
        assert sink_of(Wish(to)).place == sink_of(Wish(same)).place
    assert sink_of(Wish("sqlite:///a.db", table="Mail")).place == sink_of(Wish("sqlite:///a.db", table="mail")).place
    wish = Wish("out", 4, ("u00001", "u00002"), part_users=1)
    with pytest.raises(Stopped):
        batch(shop, wish, now=NOW, progress=stop_at_the_end)
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert not batch(shop, wish, now=NOW).resumed
    assert batch(shop, replace(wish, to="../out"), now=NOW).resumed
    with pytest.raises(BadInput, match="was not written by slatewright batch"):
        batch(shop, replace(wish, to=".."), now=NOW)


def test_other_options_than_those_of_the_beginning_are_refused_until_a_restart(shop: Shop, tmp_path: Path) -> None:
    wish = Wish(str(tmp_path / "out"), 4, ("u00001", "u00002", "u00003"), part_users=1)
    with pytest.raises(Stopped):
        batch(shop, wish, now=NOW, progress=stop_at_the_end)
    for other in (
        replace(wish, k=5),
        replace(wish, users=("u00001",)),
        replace(wish, users=None),
        replace(wish, surface="home"),
    ):
        with pytest.raises(BadInput, match=r"was begun with other options .* drop it with --restart"):
            batch(shop, other, now=NOW)
    assert batch(shop, replace(wish, k=5), now=NOW, restart=True).made_now == 3
    assert len(rows_of(tmp_path / "out")) == 15


def test_two_at_one_place_do_not_mix(shop: Shop, tmp_path: Path) -> None:
    wish = Wish(str(tmp_path / "out"), 4, ())
    held = Desk.of(shop.batches, sink_of(wish).place).lock
    shop.batches.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(held)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Busy):
            batch(shop, wish, now=NOW)
        holder.communicate("")
    with writer_lock(held):
        batch(shop, wish, now=NOW)


def test_impossible_wishes_are_refused(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(BadKnob, match="k must be"):
        batch(shop, Wish(str(tmp_path / "out"), 0), now=NOW)
    with pytest.raises(BadInput, match="--table must be a plain name"):
        sink_of(Wish("sqlite:///x.db", table="slates; DROP TABLE users"))
    for url in ("sqlite:x.db", "sqlite://x.db", "sqlite:///"):
        with pytest.raises(BadInput, match=r"must be named as sqlite:///slates\.db"):
            sink_of(Wish(url))
    with pytest.raises(NotThere, match="there is no bundle"):
        batch(shop, Wish(str(tmp_path / "out")), now=NOW, version="nothing")
    (shop.bundles / "live").unlink()
    with pytest.raises(NotThere, match="nothing is live"):
        batch(shop, Wish(str(tmp_path / "out")), now=NOW)
