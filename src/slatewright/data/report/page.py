"""The data report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere."""

from html import escape

from slatewright.data.report.charts import calendar, hours, timeline
from slatewright.data.report.contents import DataReport, Imported
from slatewright.data.report.findings import findings
from slatewright.data.report.markup import bullets, folded_away, plot, section, table, tiles
from slatewright.data.report.spread_charts import activity, long_tail, popularity
from slatewright.data.report.whole_page import whole_page
from slatewright.data.report.wording import counted, day_of, number, percent, span

_FATES = ("kept", "merged", "quarantined")


def render_html(report: DataReport) -> str:
    """The page as text, to be written as UTF-8; the same report always gives the same page."""
    parts = [
        _tiles(report),
        section("What stands out", "", bullets(findings(report))),
        *([] if report.imported is None else [_imported(report.imported)]),
        *_over_time(report),
        *_spread(report),
        *_tables(report),
    ]
    lead = f"{day_of(report.first)} to {day_of(report.last)}, times in UTC"
    return whole_page(f"The events of {report.name}", lead, parts, footer=_made_of(report))


def _tiles(report: DataReport) -> str:
    new = report.newcomers
    by_new, on_new = (count / max(new.events, 1) for count in (new.events_of_new_users, new.events_on_new_items))
    return tiles(
        [
            ("Events", number(report.events), " + ".join(report.kinds["kind"].head(3))),
            ("Users", number(report.users), f"half have up to {counted(report.per_user.quantile(0.5), 'event')}"),
            ("Items", number(report.items), f"half have up to {counted(report.per_item.quantile(0.5), 'event')}"),
            ("Density", percent(report.density), f"{number(report.pairs)} pairs of user and item"),
            ("Cold users", percent(by_new), "of the latest fifth of the events are by new users"),
            ("Cold items", percent(on_new), "of the latest fifth of the events are on new items"),
        ]
    )


def _over_time(report: DataReport) -> list[str]:
    parts = [
        section("Events over time", "How many events a day, each kind on its own scale.", plot(timeline(report))),
        section(
            "Every day",
            "The stronger the colour, the busier the day; grey squares are days without any event.",
            plot(calendar(report)),
            _quiet(report),
        ),
    ]
    if report.hours["hour"].n_unique() > 1:
        parts.append(section("The week", "Events by weekday and hour, in UTC.", plot(hours(report))))
    return parts


def _quiet(report: DataReport) -> str:
    if not report.gaps:
        return ""
    total = sum(gap.days for gap in report.gaps)
    rows = [(span(gap.first, gap.last), gap.days) for gap in report.gaps]
    closed = f" besides {', '.join(report.closed)}" if report.closed else ""
    return folded_away(f"{counted(total, 'day')} without events{closed}", table(("when", "days"), rows))


def _spread(report: DataReport) -> list[str]:
    pair = [
        section("Activity per user", "How many users have so many events.", plot(activity(report))),
        section("Events per item", "How many items have so many events.", plot(popularity(report))),
    ]
    lead = "What share of all events the most popular items take. A steep start means that few items carry the shop."
    return ['<div class="two">', *pair, "</div>", section("The long tail", lead, plot(long_tail(report)))]


def _tables(report: DataReport) -> list[str]:
    items = ("item_id", "title", "events", "users")
    parts = [
        section("Kinds of events", "", table(report.kinds.columns, report.kinds.rows())),
        section("Most popular items", "", table(items, report.top.select(items).rows())),
    ]
    if report.suspects.height:
        lead = "They look like charges, corrections or tests. Name those that are in not_products under [cleaning]."
        parts.append(section("Are these products?", lead, table(items, report.suspects.select(items).rows())))
    return parts


def _imported(imported: Imported) -> str:
    """Where each row went, what each step did, and which labels were merged."""
    counts = {fate: int(getattr(imported, fate)) for fate in _FATES}
    bar = "".join(
        f'<i class="{fate}" style="width:{100 * count / max(imported.read, 1):.3f}%"></i>'
        for fate, count in counts.items()
        if count
    )
    key = "".join(
        f'<li><i class="{fate}"></i>{fate} {number(count)} ({percent(count / max(imported.read, 1))})</li>'
        for fate, count in counts.items()
    )
    steps = [(step.step, step.rows, step.outcome, step.detail) for step in imported.steps if step.rows]
    idle = [step.step for step in imported.steps if not step.rows]
    nothing = f'<p class="note">Nothing to do for: {escape(", ".join(idle))}.</p>' if idle else ""
    merges = imported.labels
    listed = ""
    if merges.height:
        rows = merges.select("label", "merged_into", "rows").rows()
        listed = folded_away(f"{counted(merges.height, 'label')} merged", table(("label", "merged into", "rows"), rows))
    lead = f"{counted(imported.read, 'row')} read = kept + merged + quarantined."
    flow = f'<div class="flow">{bar}</div><ul class="key">{key}</ul>'
    done = table(("step", "rows", "became", ""), steps) if steps else ""
    return section("Cleaning", lead, flow, done, nothing, listed)


def _made_of(report: DataReport) -> str:
    of = f" of {report.version}" if report.version else ""
    return f"Made by slatewright check{of}. Users, items and pairs are counted without returns."
