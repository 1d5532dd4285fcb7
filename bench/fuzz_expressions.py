"""A million random expressions: none crashes, none runs code, none takes long; every one is a mask or a plain refusal.

Half of them are soup of the language's own words, the rest valid expressions with pieces changed, deep and long ones,
and any Unicode. What can be answered is asked as one of many at once too, and must say the same. An audit hook watches
for what running code would do: compile, exec, import, open, start a process.

Run: python bench/fuzz_expressions.py [HOW_MANY] [SEED]
"""

import random
import sys
import time
from collections import Counter

import harness
import numpy as np
import polars as pl

from slatewright.core.arrays import Index, Mask
from slatewright.core.clock import instant
from slatewright.data.dataset import dataset_of
from slatewright.pipeline import Pipeline, PopularSource, Recipe, Request
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.policy import BadExpression, Condition
from slatewright.pipeline.policy.condition import quiet
from slatewright.pipeline.policy.program import Program
from slatewright.pipeline.policy.values import Moment

NOW = instant("2026-03-04T15:30:00Z")
WORDS = [
    "price", "brand", "category", "adult", "markets", "released", "item.price", "user.budget", "user.country",
    "user.likes", "user.id", "user.n_events", "request.surface", "request.hour", "now", "id", "sellable", "first_seen",
    'item["price"]',
    "and", "or", "not", "in", "is", "true", "false", "None", "lambda", "(", ")", "[", "]", ",", ".", "+", "-", "*", "/",
    "<", "<=", ">", ">=", "==", "!=", "=", "0", "1", "50.5", "1e308", ".5", '"tea"', "'Alba'", '""', '"2026-01-01"',
    "missing(", "contains(", "starts_with(", "time(", "abs(", "min(", "max(", "__import__", "eval(", "exec(", "open(",
    "__class__", "price.__class__", "\n", "\t", "#", ";", ":", "%", "@", "`", "\\", '"', "é", "茶",
]  # fmt: skip
VALID = [
    'price < 50 and category in ["tea", "coffee"] and not adult',
    "user.country in markets or missing(markets)",
    'now - released < 14 and request.surface == "home"',
    'contains(brand, "al") and (price * 2 + 1 - user.budget) / 3 >= min(price, 4)',
    'time("2026-01-01") < released and "tea" in category and user.likes == "tea"',
    "brand != user.country and not (price == 3 or 1 < price <= 2)",
]
FORBIDDEN = frozenset(
    {"compile", "exec", "import", "open", "os.system", "os.exec", "subprocess.Popen", "os.posix_spawn"}
)
MUTATIONS = 4
LONGEST_SECONDS = 1.0


class Watch:
    """Remembers every forbidden thing that happens while it is on."""

    def __init__(self) -> None:
        self.on, self.seen = False, list[str]()
        sys.addaudithook(self._hear)

    def _hear(self, event: str, given: object) -> None:
        if self.on and event in FORBIDDEN:
            self.seen.append(f"{event} {given!r}"[:200])


def main(how_many: int = 1_000_000, seed: int = 1) -> None:
    rng, pipeline, watch = random.Random(seed), small_shop(), Watch()  # noqa: S311
    query = pipeline.query(Request(3, NOW, "ann", surface="home"))
    items = np.arange(len(pipeline.world.catalogue), dtype=np.int32)
    outcomes, slowest = Counter[str](), 0.0
    together = as_many(
        Condition.of(VALID[0], pipeline.world), query, items
    )  # what is imported on first use is imported now
    begun = time.perf_counter()
    for _ in range(how_many):
        text = expression(rng)
        watch.on, start, mask, problem = True, time.thread_time(), None, None
        try:
            condition = Condition.of(text, pipeline.world)
            mask = condition.mask(query, items)
            together = as_many(condition, query, items)
        except BadExpression as error:
            problem = error
        watch.on = False
        assert mask is None or (mask.dtype == np.bool_ and mask.shape == items.shape), text
        assert mask is None or mask.tolist() == together.tolist(), text
        assert problem is None or 0 <= problem.start <= problem.end <= len(text), text
        outcome = "answered" if problem is None else "refused"
        slowest = max(slowest, time.thread_time() - start)
        outcomes[outcome] += 1
        assert not watch.seen, f"{text!r}: {watch.seen}"
    seconds = time.perf_counter() - begun
    harness.record(
        "fuzz_expressions",
        {
            "what": f"{how_many:,} random expressions, seed {seed}: parsed, checked and asked over {len(items)} items",
            "outcomes": dict(outcomes),
            "crashed": 0,
            "ran_code": 0,
            "slowest_ms": round(1000 * slowest, 1),
            "microseconds_each": round(1e6 * seconds / how_many, 1),
            "holds": slowest < LONGEST_SECONDS,
        },
    )


def as_many(condition: Condition, query: Query, items: Index) -> Mask:
    """What the condition says as one of many that are asked at once."""
    facts, said = condition.facts, np.zeros(len(items), dtype=np.float32)
    moment, program = Moment(facts, query, items), Program(facts, [condition.of_items])
    with quiet():
        program.add([condition.open(moment)], np.ones(1, dtype=np.float32), moment, said)
    mask: Mask = said > 0
    return mask


def expression(rng: random.Random) -> str:
    """One random text."""
    kind = rng.random()
    if kind < 0.5:
        return " ".join(rng.choices(WORDS, k=rng.randint(0, 12)))
    if kind < 0.9:
        return mutated(rng, rng.choice(VALID))
    if kind < 0.99:
        return "".join(chr(rng.randint(1, 0x10FFFF)) for _ in range(rng.randint(0, 20)))
    deep = rng.choice(["(", "not ", "-", "abs(", "[", "price + ", "price < 1 and ", "time(", '"'])
    return deep * rng.randint(1, 600) + rng.choice(["price", "1", ""]) + ")" * rng.randint(0, 40)


def mutated(rng: random.Random, text: str) -> str:
    """A valid expression with some pieces cut, doubled, swapped or replaced."""
    parts = text.split(" ")
    for _ in range(rng.randint(0, MUTATIONS)):
        at = rng.randrange(len(parts))
        change = rng.randrange(4)
        if change == 0 and len(parts) > 1:
            del parts[at]
        elif change == 1:
            parts.insert(at, rng.choice(WORDS))
        elif change == 2:
            parts[at] = rng.choice(rng.choice(VALID).split(" "))
        else:
            cut = rng.randint(0, len(parts[at]))
            parts[at] = parts[at][:cut] + rng.choice(WORDS) + parts[at][cut:]
    return " ".join(parts)


def small_shop() -> Pipeline:
    """Six items with facts of every type."""
    items = pl.DataFrame(
        {
            "item_id": [f"i{at}" for at in range(6)],
            "price": [10.0, 20.0, None, 40.0, 0.0, 60.0],
            "brand": ["Alba", "Brio", None, "Alba", "Coda", "tea"],
            "category": ["tea|gift", "tea", "coffee", None, "gift", "cup"],
            "adult": [False, True, None, False, True, False],
            "markets": [["DE", "AT"], ["DE"], [], None, ["FR"], ["FR", "DE"]],
            "released": pl.Series([NOW - 1, NOW, None, 0, NOW + 1, 5]).cast(pl.Datetime("us", "UTC")),
        }
    )
    users = pl.DataFrame({"user_id": ["ann"], "country": ["DE"], "budget": [25.0], "likes": [["tea", "cup"]]})
    events = pl.DataFrame({"user_id": ["ann", "ann"], "item_id": ["i0", "i1"], "time": [NOW - 10, NOW - 5]})
    dataset = dataset_of(events, as_of=NOW, item_facts=items, user_facts=users)
    return Pipeline.fit(Recipe(estimators={}, sources=(PopularSource(),)), dataset)


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
