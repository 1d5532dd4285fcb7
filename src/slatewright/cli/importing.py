"""slatewright import"""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from slatewright.cli.console import answers, note, print_json, progress_bar, say
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.core.clock import wall_clock
from slatewright.data.importer import FactsReport, ImportReport
from slatewright.store.importing import import_shop
from slatewright.store.shop import Shop

MOST_LABELS = 5


def run(shop: ShopFolder = HERE, as_json: AsJson = False) -> None:
    """Read, clean and log the events that the settings name; every row is accounted for, repeating adds nothing."""
    place = Shop.open(shop)
    with progress_bar() as bar:
        done = import_shop(place, now=wall_clock(), progress=bar)
    if as_json:
        print_json(done.as_dict())
        return
    say(accounts(done.events))
    answers.print(_steps(done.events))
    for line in _details(done.events):
        say(line)
    for name, facts in (("items", done.items), ("users", done.users)):
        if facts is not None:
            say(f"facts of {name}: {accounts(facts)}")
    for remark in done.events.notes:
        note(remark)


def accounts(report: ImportReport | FactsReport) -> str:
    """``90,691 rows = 88,862 kept + 946 merged + 883 quarantined``."""
    return (
        f"{report.read:,} rows = {report.kept:,} kept + {report.merged:,} merged + {report.quarantined:,} quarantined"
    )


def _steps(report: ImportReport) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right")
    table.add_column()
    table.add_column(style="dim")
    for step in report.steps:
        if step.rows:
            table.add_row(Text(f"  {step.rows:,}"), Text(step.step), Text(step.outcome))
    return table


def _details(report: ImportReport) -> Iterator[str]:
    if report.labels.height:
        merged = [f"{label!r} into {into!r}" for label, into, *_ in report.labels.head(MOST_LABELS).iter_rows()]
        more = report.labels.height - len(merged)
        yield f"labels: {', '.join(merged)}" + (f" and {more:,} more" if more else "")
    for table, rows in report.facts.items():
        if rows:
            yield f"facts told by the events: {rows:,} {table.replace('_', ' ')}"
    if report.quarantine is not None:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in report.reasons.items())
        yield f"quarantine: {reasons}; row by row in {report.quarantine}"
