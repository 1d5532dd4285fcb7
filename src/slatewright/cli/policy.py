"""slatewright policy"""

from rich.table import Table
from rich.text import Text

from slatewright.cli.console import answers, note, print_json
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.core.errors import NotThere
from slatewright.data.report.wording import counted, number
from slatewright.events.journal import Journal
from slatewright.pipeline.fact_columns import unheard_fact
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.policy.binding import about
from slatewright.pipeline.policy.policy_file import POLICY, read_policy
from slatewright.pipeline.policy.rules import Rule
from slatewright.pipeline.world import World
from slatewright.serve.live_facts import LiveFacts
from slatewright.serve.replaying import GRACE
from slatewright.store.shop import Shop


def run(shop: ShopFolder = HERE, as_json: AsJson = False) -> None:
    """Check policy.toml: what each rule does, when, and how many items of the live bundle it is about."""
    place = Shop.open(shop)
    world = _world(place)
    rules = read_policy(place.root / POLICY, world)
    told = about(rules, world.item_facts, world.user_facts)
    unheard = _unheard(place, world)
    if as_json:
        rows = [_row(rule, items) for rule, items in zip(rules, told, strict=True)]
        print_json({"items": len(world.catalogue), "rules": rows, "warnings": unheard})
        return
    if rules:
        answers.print(_table(rules, told))
    note(f"{counted(len(rules), 'rule')} in {POLICY}, {counted(len(world.catalogue), 'item')} in {world.version}")
    for rule, items in zip(rules, told, strict=True):
        if items == 0:
            note(f"{rule.title!r} is about no item")
    for warning in unheard:
        note(warning)


def _world(shop: Shop) -> World:
    try:
        return open_pipeline(shop).world
    except NotThere:
        read_policy(shop.root / POLICY)  # what is wrong with the file by itself is told before anything is trained
        raise


def _unheard(shop: Shop, world: World) -> list[str]:
    """What was told of items since the training, of facts that nobody knows."""
    journal = Journal(shop.journal)
    try:
        LiveFacts(shop.log, journal).prepare(world, world.as_of - GRACE)
    finally:
        journal.close()
    told = world.item_facts.told.values()
    return [unheard_fact(*one) for one in world.item_facts.unheard({name for facts in told for name in facts}).items()]


def _row(rule: Rule, items: int | None) -> dict[str, object]:
    kind = type(rule).__name__.lower()
    return {"rule": kind, "name": rule.name, "where": rule.where, "when": rule.when, "items": items}


def _table(rules: tuple[Rule, ...], told: list[int | None]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("rule", "of which items", "when"):
        table.add_column(column, overflow="fold")
    table.add_column("items", justify="right", no_wrap=True)
    for rule, items in zip(rules, told, strict=True):
        reach = "as asked" if items is None else number(items)
        table.add_row(*map(Text, (type(rule).__name__.lower(), rule.where, rule.when or "always", reach)))
    return table
