"""slatewright segments"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.table import Table
from rich.text import Text

from slatewright.cli.console import answers, note, print_json, progress_bar
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.core.arrays import Frame
from slatewright.core.clock import instant
from slatewright.data.dataset import Dataset
from slatewright.data.report.wording import number, percent
from slatewright.models.segments.describing import describe_segments
from slatewright.models.segments.portrait import Portrait
from slatewright.models.segments.report.page import TITLES, SegmentReport, fact_sentences
from slatewright.models.segments.segmentation import Segmentation, Segments
from slatewright.store.shop import Shop

PICTURES = tuple(f"{name}.{kind}" for name in TITLES for kind in ("svg", "png"))
SHOWN = 3  # items and facts of each segment in the terminal


def run(
    shop: ShopFolder = HERE,
    of: Annotated[str, typer.Option(help="What is grouped: users or items.")] = "users",
    n: Annotated[
        int | None, typer.Option("--n", help="How many segments.", show_default="what stands apart best")
    ] = None,
    method: Annotated[str, typer.Option(help="How: kmeans, or hierarchical (a tree that is cut).")] = "kmeans",
    by: Annotated[str, typer.Option(help="Alike in what: history, facts, or both.")] = "history",
    as_of: Annotated[str | None, typer.Option(help="Know nothing at or after this time, ISO-8601.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed, other first centres.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Write a page, its pictures and who is in which segment into this folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Group users or items that are alike, and say what sets each group apart."""
    place, knobs = Shop.open(shop), Segmentation(of, n, method, by, rng=seed)
    with progress_bar() as bar:
        bar("read the log", 0, 3)
        dataset = place.weighing().read(place.log, as_of=None if as_of is None else instant(as_of))
        bar("find segments", 1, 3)
        segments = knobs.segment(dataset)
        portraits = describe_segments(dataset, segments)
        if out is not None:
            bar("write the page", 2, 3)
            name = place.name
            write_report(SegmentReport(name, _said(knobs, segments), segments, portraits, seed), dataset, out)
    if as_json:
        print_json(_answer(replace(knobs, n_segments=len(segments)), segments, portraits))
        return
    answers.print(_table(portraits, of))
    if out is not None:
        note(f"page, pictures and members: {out}")


def write_report(report: SegmentReport, dataset: Dataset, folder: Path) -> None:
    """Write ``index.html``, the pictures as SVG and PNG, and ``members.csv``; those of an earlier run go."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PICTURES:
        (folder / name).unlink(missing_ok=True)
    for name, content in report.files().items():
        (folder / name).write_bytes(content)
    (folder / "index.html").write_text(report.html(), encoding="utf-8")
    members_of(dataset, report.segments, report.portraits).write_csv(folder / "members.csv")


def members_of(dataset: Dataset, segments: Segments, portraits: tuple[Portrait, ...]) -> Frame:
    """Every user or item with the number and name of its segment, null for those that say nothing."""
    ids, key = (dataset.users, "user_id") if segments.of == "users" else (dataset.items, "item_id")
    number_of = pl.Series("segment", [None] * len(ids), dtype=pl.Int64)
    for portrait, members in zip(portraits, segments.members(), strict=True):
        number_of[members] = portrait.number
    names = {one.number: one.name for one in portraits}
    named = number_of.replace_strict(names, default=None, return_dtype=pl.String).alias("name")
    return pl.DataFrame([ids.names.alias(key), number_of, named])


def _said(knobs: Segmentation, segments: Segments) -> str:
    ways = {"kmeans": "k-means", "hierarchical": "a tree by Ward's rule"}
    alike = {"history": "who took what", "facts": "the facts", "both": "who took what, and the facts"}
    chosen = "" if knobs.n_segments is not None else "; the number by silhouette"
    return f"{len(segments)} by {ways[knobs.method]} on {alike[knobs.by]}{chosen}"


def _answer(knobs: Segmentation, segments: Segments, portraits: tuple[Portrait, ...]) -> Mapping[str, Any]:
    about = {"of": knobs.of, "n_segments": len(segments), "method": knobs.method, "by": knobs.by, "seed": knobs.rng}
    silhouettes = {str(n): width for n, width in segments.tried.items()}
    return {
        **about,
        "placed": int(segments.known.sum()),
        "not_placed": int((~segments.known).sum()),
        "silhouettes": silhouettes,
        "segments": [one.as_dict() for one in portraits],
    }


def _table(portraits: tuple[Portrait, ...], of: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("", "segment", "size", "share", "events each"):
        table.add_column(column, justify="left" if column == "segment" else "right", no_wrap=column != "segment")
    table.add_column("takes more than others" if of == "users" else "most taken", ratio=2)
    table.add_column("facts", ratio=1)
    for one in portraits:
        items = "; ".join(_item(item, of) for item in one.items[:SHOWN])
        facts = "; ".join(fact_sentences(one)[:SHOWN])
        cells = (str(one.number), one.name, number(one.size), percent(one.share), f"{one.activity:,.1f}", items, facts)
        table.add_row(*map(Text, cells))
    return table


def _item(item: Any, of: str) -> str:
    return f"{item.title} {item.lift:.1f}x" if of == "users" else f"{item.title} ({number(item.count)})"
