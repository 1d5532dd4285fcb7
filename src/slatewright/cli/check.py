"""slatewright check"""

import json
from pathlib import Path

from slatewright.cli.console import answers, note, print_json
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.data.importing.report import ImportReport
from slatewright.data.report import DataReport, describe, render_html, render_terminal
from slatewright.store.importing import LAST_IMPORT
from slatewright.store.shop import Shop

PAGE = "check.html"


def run(shop: ShopFolder = HERE, as_json: AsJson = False) -> None:
    """Report on the data: here, and as one HTML page in the shop's folder of reports."""
    place = Shop.open(shop)
    report, page = write_report(place)
    if as_json:
        print_json(report.as_dict())
        return
    answers.print(render_terminal(report))
    note(f"the same with plots: {page}")


def write_report(shop: Shop) -> tuple[DataReport, Path]:
    """Describe the log of a shop and write the page.

    Raises:
        BadInput: there are no events in the log.
    """
    report = describe(shop.log, last_import(shop), name=shop.name)
    shop.reports.mkdir(exist_ok=True)
    page = shop.reports / PAGE
    page.write_text(render_html(report), encoding="utf-8")
    return report, page


def last_import(shop: Shop) -> ImportReport | None:
    """What the last import that brought something said; None before the first."""
    path = shop.reports / LAST_IMPORT
    if not path.is_file():
        return None
    return ImportReport.of_dict(json.loads(path.read_text(encoding="utf-8")))
