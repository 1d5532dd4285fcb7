"""The steps of the demo, from raw files to a live bundle. Each is one call that a program of yours could make, too."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table
from rich.text import Text

from slatewright.cli.check import write_report
from slatewright.cli.story import Story
from slatewright.core.clock import iso, wall_clock
from slatewright.core.errors import BadInput, Leak
from slatewright.evaluate import Evaluation, Group
from slatewright.evaluate.wording import number, sign
from slatewright.lifecycle.evaluating import PIPELINE, evaluate_shop
from slatewright.lifecycle.folds import split_of_shop
from slatewright.lifecycle.training import train
from slatewright.simulate import Simulation, simulate
from slatewright.store.founding import found
from slatewright.store.importing import import_shop
from slatewright.store.shop import Shop

PEOPLE = Simulation(users=3000, items=600, days=180, dirt=0.005)
SHOWN = {"recall": "Recall@{k}", "ndcg": "NDCG@{k}", "hit_rate": "Hit rate@{k}", "coverage": "Coverage@{k}"}


@dataclass(frozen=True)
class Export:
    """Files as a shop exports them."""

    events: str
    items: Sequence[str] = ()
    users: Sequence[str] = ()


def take_or_simulate(story: Story, folder: Path, data: str | None) -> Export:
    """The events of the user, or those of a simulated shop."""
    if data is not None:
        return Export(data)
    with story.step("simulate a shop") as step:
        shop = simulate(PEOPLE)
        events, items, users = shop.write(folder / "export")
        step.tell(f"{PEOPLE.users:,} people, {PEOPLE.items:,} items, {shop.events.height:,} rows of events")
    return Export(str(events), [str(items)], [str(users)])


def build(story: Story, folder: Path, export: Export) -> Shop:
    """Found the shop, import, check, split, evaluate, train and promote."""
    with story.step("recognise") as step:
        founding = found(folder, [export.events], export.items, export.users, name="Demo shop")
        shop = founding.shop
        step.tell(f"columns and reasons: {folder / 'slatewright.toml'}")
    with story.step("import, clean") as step:
        report = import_shop(shop, now=wall_clock()).events
        step.tell(f"{report.kept:,} kept, {report.merged:,} merged, {report.quarantined:,} quarantined")
    with story.step("check the data") as step:
        described, page = write_report(shop)
        step.tell(f"{described.users:,} users; plots in {page}")
    _judge(story, shop, dated=described.first < described.last)
    with story.step("train, promote") as step:
        version = train(shop, now=wall_clock(), promote=True)
        step.tell(f"bundle {version} is live")
    return shop


def _judge(story: Story, shop: Shop, *, dated: bool) -> None:
    """Split by time, train on the past, compare with popularity; own data may be too small for that."""
    with story.step("split, evaluate") as step:
        if not dated:
            step.tell("these events tell no time: nothing to foresee")
            return
        try:
            found = evaluate_shop(shop, split_of_shop(shop))
        except (BadInput, Leak) as error:
            step.tell(f"not possible with these events: {error}")
            return
        group = found.groups[0]
        step.tell(f"train before {iso(found.as_of)[:10]}, ask {group.users:,} users after")
    story.show(_table(found, group))


def _table(found: Evaluation, group: Group) -> Table:
    """Recipe beside popularity, with the interval of the recipe."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1))
    for column in ("", "popularity", "this recipe", "", ""):
        table.add_column(column, justify="right" if column else "left", no_wrap=True)
    popularity, recipe = group.measured[0], group.of(PIPELINE)
    for metric, title in SHOWN.items():
        ours, theirs = recipe.metrics[metric], popularity.metrics[metric]
        interval = Text(f"[{number(ours.low)}, {number(ours.high)}]", style="dim")
        value = Text(number(ours.value), style="bold")
        table.add_row(title.format(k=found.k), number(theirs.value), value, interval, sign(recipe, metric))
    return table
