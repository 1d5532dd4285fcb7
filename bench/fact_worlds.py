"""Data sets with facts, as the benchmarks of content and hybrid models read them."""

from pathlib import Path

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.dataset import Dataset, dataset_of

LIKED = 4  # stars from which a rating counts as taken


def online_retail_tables(data: Path) -> tuple[Frame, Frame]:
    """Purchases (one row per customer, item: the first) and facts (the most frequent description, the median price)."""
    events, facts = online_retail_lines(data)
    return events.unique(["user_id", "item_id"], keep="first", maintain_order=True), facts


def online_retail_lines(data: Path) -> tuple[Frame, Frame]:
    """The same, every line of every invoice."""
    folder = data / "online_retail"
    first = pl.read_parquet(folder / "year_2009_2010.parquet").filter(pl.col("invoice_time") < pl.datetime(2010, 12, 1))
    lines = pl.concat([first, pl.read_parquet(folder / "year_2010_2011.parquet")])
    lines = lines.with_columns(item_id=pl.col("stock_code").str.to_uppercase()).filter(
        (pl.col("quantity") > 0)
        & (pl.col("unit_price") > 0)
        & pl.col("customer_id").is_not_null()
        & pl.col("description").is_not_null()
        & pl.col("item_id").str.contains(r"^\d{5}")  # postage, fees and samples have codes of letters
    )
    facts = (
        lines.group_by("item_id")
        .agg(
            title=pl.col("description").str.strip_chars().mode().sort().first(),
            price=pl.col("unit_price").median(),
        )
        .sort("item_id")
    )
    events = lines.select(pl.col("customer_id").cast(pl.String).alias("user_id"), "item_id", time="invoice_time")
    return events.sort("time", "item_id"), facts


def online_retail(data: Path) -> Dataset:
    events, facts = online_retail_tables(data)
    return dataset_of(events, item_facts=facts)


def ml1m(data: Path) -> Dataset:
    """Liked movies; title without its year, genres, year; gender, age band and occupation of the users."""
    ratings = pl.read_parquet(data / "ml1m" / "ratings.parquet")
    people = pl.read_parquet(data / "ml1m" / "users.parquet").select("user_id", "gender", "age", "occupation")
    return dataset_of(
        _liked(ratings),
        item_facts=movie_facts(pl.read_parquet(data / "ml1m" / "movies.parquet")),
        user_facts=people.with_columns(pl.col("user_id").cast(pl.String)),
    )


def movies_of_another_shop(data: Path) -> Dataset:
    """Liked movies of ml_latest_small without any that ml1m has, told by title and year."""
    folder = data / "ml_latest_small"
    movies, known = pl.read_parquet(folder / "movies.parquet"), pl.read_parquet(data / "ml1m" / "movies.parquet")
    new = movies.filter(~pl.col("title").str.strip_chars().is_in(known["title"].str.strip_chars().implode()))
    events = _liked(pl.read_parquet(folder / "ratings.parquet"))
    facts = movie_facts(new)
    return dataset_of(events.filter(pl.col("item_id").is_in(facts["item_id"].implode())), item_facts=facts)


def _liked(ratings: Frame) -> Frame:
    liked = ratings.filter(pl.col("rating") >= LIKED)
    return liked.select(pl.col("user_id").cast(pl.String), pl.col("movie_id").cast(pl.String).alias("item_id"))


def movie_facts(movies: Frame) -> Frame:
    """Title without its year, genres, year."""
    genres = pl.col("genres").list.eval(pl.element().str.replace("Children's", "Children"))
    return movies.select(
        pl.col("movie_id").cast(pl.String).alias("item_id"),
        pl.col("title").str.replace(r"\s*\(\d{4}\)\s*$", ""),
        genres,
        pl.col("title").str.extract(r"\((\d{4})\)\s*$").cast(pl.Int32).alias("year"),
    )


def two_parts_of_online_retail(data: Path) -> tuple[Dataset, Dataset]:
    """The first year's customers on one half of the items; later newcomers on the other half: nothing in common."""
    events, facts = online_retail_tables(data)
    half = facts.with_columns(here=pl.col("item_id").hash(7) % 2 == 0)
    here, there = (half.filter(pl.col("here") == side).drop("here") for side in (True, False))
    early = events.filter(pl.col("time") < pl.datetime(2010, 12, 1))
    newcomers = events.filter(~pl.col("user_id").is_in(early["user_id"].unique().implode()))
    return (
        dataset_of(early.filter(pl.col("item_id").is_in(here["item_id"].implode())), item_facts=here),
        dataset_of(newcomers.filter(pl.col("item_id").is_in(there["item_id"].implode())), item_facts=there),
    )
