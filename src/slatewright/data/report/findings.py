"""What stands out in a data report, in sentences for the person who keeps the shop."""

from collections.abc import Iterator

from slatewright.data.report.contents import DataReport
from slatewright.data.report.wording import counted, number, percent, span

_FEW = 3  # events of a user about whom next to nothing is known
_NAMED = 6


def findings(report: DataReport) -> list[str]:
    """Sentences, the most useful first; each one says what it means for recommendations."""
    return [*_people(report), *_tail(report), *_newcomers(report), *_quiet(report), *_suspects(report), *_warm(report)]


def _people(report: DataReport) -> Iterator[str]:
    few = report.per_user.up_to(_FEW)
    typical = report.per_user.quantile(0.5)
    yield (
        f"Half of the users have at most {counted(typical, 'event')}. {counted(few, 'user')} "
        f"({percent(few / report.users)}) have {_FEW} or fewer: what they see rests mostly on what is popular."
    )


def _tail(report: DataReport) -> Iterator[str]:
    if report.items < 10:
        return
    single = report.per_item.up_to(1)
    yield (
        f"The most popular tenth of the items takes {percent(report.per_item.head_share(0.1))} of the events; "
        f"{counted(single, 'item has', 'items have')} a single event."
    )


def _newcomers(report: DataReport) -> Iterator[str]:
    new = report.newcomers
    if not new.events or new.users == report.users:
        return
    yield (
        f"In the latest fifth of the events, {percent(new.events_of_new_users / new.events)} come from users never "
        f"seen before and {percent(new.events_on_new_items / new.events)} are on items never seen before: no model of "
        f"the time before can know these (the cold share)."
    )


def _quiet(report: DataReport) -> Iterator[str]:
    if report.closed:
        yield f"There are hardly ever events on a {' or '.join(report.closed)}."
    if report.gaps:
        longest = report.gaps[0]
        others = sum(gap.days for gap in report.gaps[1:])
        more = f" There were no events on {counted(others, 'other day')} either." if others else ""
        yield (
            f"The longest gap is {counted(longest.days, 'day')}, {span(longest.first, longest.last)}. "
            f"Was the shop closed, or is data missing?{more}"
        )


def _suspects(report: DataReport) -> Iterator[str]:
    if report.suspects.is_empty():
        return
    names = report.suspects["item_id"].to_list()
    more = f" and {number(len(names) - _NAMED)} more" if len(names) > _NAMED else ""
    yield (
        f"{counted(len(names), 'item looks', 'items look')} like charges or tests rather than products: "
        f"{', '.join(names[:_NAMED])}{more}. Until they are named in not_products under [cleaning] in "
        f"slatewright.toml they are recommended like everything else. Events imported before that stay in the log; "
        f"to be rid of them, remove the folder log and import again."
    )


def _warm(report: DataReport) -> Iterator[str]:
    if report.warm_items:
        yield f"{counted(report.warm_items, 'item has', 'items have')} facts but no event yet."
    if report.warm_users:
        yield f"{counted(report.warm_users, 'user has', 'users have')} facts but no event yet."
