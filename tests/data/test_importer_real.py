"""Real files: figures that their descriptions state, or that were counted by hand with another tool."""

from pathlib import Path

import polars as pl
import pytest

from slatewright.core.clock import instant
from slatewright.data.facts import facts_at
from slatewright.store.founding import found
from slatewright.store.importing import ShopImport, import_shop
from slatewright.store.shop import Shop

NOW = instant("2024-06-01")
pytestmark = pytest.mark.data


def founded(
    root: Path, events: str, items: tuple[str, ...] = (), users: tuple[str, ...] = ()
) -> tuple[Shop, ShopImport]:
    shop = found(root, [events], items, users).shop
    done = import_shop(shop, now=NOW)
    report = done.events
    assert report.read == report.kept + report.merged + report.quarantined
    assert shop.log.scan("interactions").select(pl.len()).collect().item() == report.kept
    return shop, done


def test_online_retail_both_years(data_dir: Path, tmp_path: Path) -> None:
    shop, done = founded(tmp_path / "shop", str(data_dir / "online_retail" / "*.parquet"))
    report = done.events
    assert report.read == 525_461 + 541_909
    assert report.reasons["no user_id"] == 107_927 + 135_080
    # the years overlap by 22,523 rows, of which those with a customer are repeats
    years = [pl.read_parquet(path) for path in sorted((data_dir / "online_retail").glob("*.parquet"))]
    bought = pl.concat(years).filter(pl.col("customer_id").is_not_null())
    meaning = pl.all().exclude("description", "country", "stock_code"), pl.col("stock_code").str.to_lowercase()
    assert report.merged == bought.height - bought.select(*meaning).unique().height
    kinds = dict(shop.log.scan("interactions").group_by("kind").len().collect().iter_rows())
    assert kinds["purchase"] + kinds["return"] == report.kept
    returns = bought.select(*meaning).unique().filter((pl.col("quantity") < 0) | pl.col("invoice").str.starts_with("C"))
    assert kinds["return"] + report.reasons["return without an earlier purchase"] == returns.height
    facts = facts_at(shop.log, "item_updates", instant("2011-10-01"))
    assert facts is not None
    lamp = facts.filter(pl.col("item_id") == "85123A").row(0, named=True)
    assert "HANGING HEART" in lamp["title"]
    assert 2 < lamp["price"] < 4
    assert import_shop(shop, now=NOW).events.kept == 0


def test_ml100k_with_its_facts(data_dir: Path, tmp_path: Path) -> None:
    place = data_dir / "ml100k"
    movies, users = (str(place / f"{name}.parquet") for name in ("movies", "users"))
    shop, done = founded(tmp_path / "shop", str(place / "ratings.parquet"), (movies,), (users,))
    assert (done.events.kept, done.events.quarantined) == (100_000, 0)
    assert done.items is not None
    assert done.users is not None
    assert (done.items.kept, done.users.kept) == (1_682, 943)
    values = shop.log.scan("interactions").group_by("value").len().sort("value").collect()
    ratings = pl.read_parquet(place / "ratings.parquet")["rating"].value_counts().sort("rating")
    assert values["len"].to_list() == ratings["count"].to_list()


def test_taobao_has_kinds_and_no_times(data_dir: Path, tmp_path: Path) -> None:
    shop, done = founded(tmp_path / "shop", str(data_dir / "taobao_behaviors" / "train.parquet"))
    kinds = dict(shop.log.scan("interactions").group_by("kind").len().collect().iter_rows())
    assert kinds == {"view": 873_954, "cart": 195_476, "purchase": 92_180}
    assert done.events.notes


def test_ratings_with_halves(data_dir: Path, tmp_path: Path) -> None:
    place = data_dir / "ml_latest_small"
    shop, done = founded(tmp_path / "shop", str(place / "ratings.parquet"), (str(place / "movies.parquet"),))
    assert done.events.kept == 100_004
    assert set(shop.log.scan("interactions").select("value").unique().collect()["value"]) == {
        x / 2 for x in range(1, 11)
    }
    facts = facts_at(shop.log, "item_updates", None)
    assert facts is not None
    assert facts.schema["category"] == pl.List(pl.String)
