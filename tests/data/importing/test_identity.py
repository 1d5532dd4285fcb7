from pathlib import Path

import polars as pl

from slatewright.data.importing.fingerprint import fingerprints
from slatewright.data.importing.identity import CONTENT, Identity
from slatewright.data.importing.spill import Spill

ALL = list(range(64))


def events(*users: str, ids: list[str | None] | None = None) -> pl.DataFrame:
    rows = pl.DataFrame({"user_id": users}).with_columns(
        item_id=pl.lit("i"), kind=pl.lit("view"), time=pl.lit(0).cast(pl.Datetime("us", "UTC")), value=pl.lit(1.0)
    )
    return rows if ids is None else rows.with_columns(event_id=pl.Series(ids, dtype=pl.String))


def test_an_event_is_named_by_what_it_says() -> None:
    named = Identity(number_repeats=False, own_ids=False, known=None).fresh(events("u", "v"), ALL)
    assert named["event_id"].equals(fingerprints(events("u", "v"), CONTENT))


def test_repeats_that_are_kept_are_numbered_the_same_way_each_time() -> None:
    identity = Identity(number_repeats=True, own_ids=False, known=None)
    twice = identity.fresh(events("u", "v", "u"), ALL)["event_id"].to_list()
    thrice = identity.fresh(events("u", "u", "u"), ALL)["event_id"].to_list()
    assert len({*twice, *thrice}) == 4
    assert thrice[:2] == [twice[0], twice[2]]


def test_own_ids_are_kept_once_over_all_partitions() -> None:
    identity = Identity(number_repeats=False, own_ids=True, known=None)
    assert identity.fresh(events("u", "u", "v", ids=["x", "x", None]), ALL).height == 2
    assert identity.fresh(events("w", "w", ids=["x", "y"]), ALL)["event_id"].to_list() == ["y"]
    assert identity.repeated == 2


def test_what_the_log_has_is_left_out(tmp_path: Path) -> None:
    known = Spill(tmp_path, limit=1)
    for user in ("u", "v"):
        known.add(pl.DataFrame({"event_id": [user], "user_id": [user]}))
    identity = Identity(number_repeats=False, own_ids=True, known=known)
    assert identity.fresh(events("u", "v", "w", ids=["u", "v", "w"]), ALL)["event_id"].to_list() == ["w"]
    assert identity.logged == 2
