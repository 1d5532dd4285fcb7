"""slatewright rules"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

import polars as pl
import typer
from rich.table import Table
from rich.text import Text

from slatewright.cli.console import answers, note, print_json, progress_bar
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.core.arrays import Frame
from slatewright.core.clock import instant
from slatewright.core.errors import BadInput, NotThere
from slatewright.data.catalogue import Catalogue
from slatewright.data.idmap import IdMap
from slatewright.data.report.wording import counted, number, percent
from slatewright.models.rules import exporting, picture
from slatewright.models.rules.basket_files import read_baskets
from slatewright.models.rules.baskets import Baskets, baskets_of, baskets_of_lists
from slatewright.models.rules.choosing import with_items
from slatewright.models.rules.rule_table import MEASURES, RuleTable
from slatewright.models.rules.searching import RuleSearch
from slatewright.store.shop import Shop

Names: TypeAlias = list[str] | None
FromFile: TypeAlias = Annotated[
    Path | None, typer.Option("--baskets", help="A file of baskets instead of a shop: one per line, or lists.")
]
Long: TypeAlias = Annotated[bool, typer.Option("--long", help="That file has one row per item: basket, item.")]
Support: TypeAlias = Annotated[float, typer.Option(help="Share of the baskets that must hold all items of a rule.")]
AtLeast: TypeAlias = Annotated[int, typer.Option(help="And at least so many baskets.")]
Confidence: TypeAlias = Annotated[float, typer.Option(help="Of the baskets with its left side, where a rule holds.")]
Lift: TypeAlias = Annotated[float, typer.Option(help="How many times more often than by chance.")]
Length: TypeAlias = Annotated[int, typer.Option(help="Items of a rule, both sides.")]
Consequents: TypeAlias = Annotated[int, typer.Option(help="Items on the right-hand side at most.")]
Kind: TypeAlias = Annotated[Names, typer.Option(help="Only events of this kind fill baskets; repeat.")]
Minutes: TypeAlias = Annotated[float, typer.Option(help="A longer pause of a user starts a new basket.")]
AsOf: TypeAlias = Annotated[str | None, typer.Option(help="Know nothing at or after this time, ISO-8601.")]
Item: TypeAlias = Annotated[Names, typer.Option(help="Only rules with this item, on either side; repeat.")]
Left: TypeAlias = Annotated[Names, typer.Option(help="Only rules with this item on the left; repeat.")]
Right: TypeAlias = Annotated[Names, typer.Option(help="Only rules with this item on the right; repeat.")]
Sort: TypeAlias = Annotated[str, typer.Option(help=f"Highest first: {', '.join(MEASURES)}.")]
Limit: TypeAlias = Annotated[int, typer.Option(help="How many rules are printed.")]
Out: TypeAlias = Annotated[Path | None, typer.Option(help="Write all rules to this .csv, .json or .parquet file.")]
Drawn: TypeAlias = Annotated[Path | None, typer.Option("--picture", help="Draw the rules: .svg, .png or .pdf.")]


@dataclass(frozen=True)
class Found:
    """Rules, and what to call their items: ``ids`` and ``titles`` are String (n_items,)."""

    baskets: Baskets
    rules: RuleTable
    ids: IdMap
    titles: pl.Series

    def frame(self, most: int) -> Frame:
        """The first rules by the titles of their items."""
        return self.rules.head(most).frame(self.titles)


def run(
    shop: ShopFolder = HERE, baskets: FromFile = None, long: Long = False, min_support: Support = 0.005,
    min_baskets: AtLeast = 5, min_confidence: Confidence = 0.1, min_lift: Lift = 1.0, max_length: Length = 4,
    most_consequents: Consequents = 1, kind: Kind = None, basket_minutes: Minutes = 30.0, as_of: AsOf = None,
    item: Item = None, left: Left = None, right: Right = None, sort: Sort = "lift", limit: Limit = 20,
    out: Out = None, picture_file: Drawn = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Find what is bought together: rules with their support, confidence and lift."""
    search = RuleSearch(min_support, min_baskets, min_confidence, min_lift, max_length, most_consequents)
    _check(sort, limit, out, picture_file)
    with progress_bar() as bar:
        bar("read the baskets", 0, 3)
        if baskets is None:
            made, ids, titles = _of_shop(Shop.open(shop), basket_minutes, tuple(kind or ()), as_of)
        else:
            made, ids = baskets_of_lists(read_baskets(baskets, long=long))
            titles = ids.names
        bar("find rules", 1, 3)
        asked = [[_known(name, ids, titles) for name in names or ()] for names in (item, left, right)]
        rules = with_items(search.find(made), *asked).by(sort)
        bar("write them", 2, 3)
        found = Found(made, rules, ids, titles)
        _write(found, sort, out, picture_file)
    _print(found, sort, limit, as_json)


def _check(sort: str, limit: int, out: Path | None, drawn: Path | None) -> None:
    """Refuse what could only fail at the end."""
    if sort not in MEASURES:
        raise BadInput(f"--sort must be one of {', '.join(MEASURES)}, got {sort!r}")
    if limit < 0:
        raise BadInput(f"--limit must be >= 0, got {limit}")
    if out is not None:
        exporting.check_suffix(out, exporting.SUFFIXES, "--out")
    if drawn is not None:
        exporting.check_suffix(drawn, picture.SUFFIXES, "--picture")


def _of_shop(shop: Shop, minutes: float, kinds: tuple[str, ...], as_of: str | None) -> tuple[Baskets, IdMap, pl.Series]:
    dataset = shop.weighing().read(shop.log, as_of=None if as_of is None else instant(as_of))
    made = baskets_of(dataset.histories(), dataset.n_items, minutes, kinds)
    catalogue = Catalogue.of(dataset)
    titles = [catalogue.title(index) for index in range(len(catalogue))]
    return made, dataset.items, pl.Series(titles, dtype=pl.String)


def _known(name: str, ids: IdMap, titles: pl.Series) -> int:
    index = ids.find(name)
    if index is None:
        titled = [repr(ids.name(int(at))) for at in (titles == name).arg_true()]
        exact = "ids are exact, upper and lower case differ"
        hint = f"that is the title of {' and '.join(titled)}" if titled else exact
        raise NotThere(f"there is no item {name!r} in the baskets; {hint}")
    return index


def _write(found: Found, sort: str, out: Path | None, drawn: Path | None) -> None:
    for path in filter(None, (out, drawn)):
        path.parent.mkdir(parents=True, exist_ok=True)
    if out is not None:
        exporting.write_rules(exporting.rule_frame(found.rules, found.ids.names, found.titles), out)
    if drawn is not None:
        picture.draw_rules(found.frame(picture.MOST_POINTS), sort, drawn)


def _print(found: Found, sort: str, limit: int, as_json: bool) -> None:
    if as_json:
        rows = exporting.rule_frame(found.rules, found.ids.names, found.titles).head(limit)
        about = {"baskets": len(found.baskets), "rules": len(found.rules), "sort": sort}
        print_json({**about, "top": exporting.as_records(rows)})
        return
    if len(found.rules):
        answers.print(_table(found.frame(limit)))
    else:
        note("No rule: lower --min-support, --min-baskets or --min-confidence.")
    shown = f"; the first {limit} by {sort} are shown" if limit < len(found.rules) else ""
    note(f"{counted(len(found.rules), 'rule')} in {counted(len(found.baskets), 'basket')}{shown}")


def _table(rows: Frame) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("with", overflow="fold")
    table.add_column("goes", overflow="fold")
    for column in ("baskets", "support", "confidence", "lift"):
        table.add_column(column, justify="right", no_wrap=True)
    for rule in rows.iter_rows(named=True):
        sides = (" + ".join(rule[side]) for side in ("antecedent", "consequent"))
        shares = (percent(rule["support"]), percent(rule["confidence"]))
        table.add_row(*map(Text, (*sides, number(rule["baskets"]), *shares, f"{rule['lift']:,.2f}")))
    return table
