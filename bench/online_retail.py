"""The main job on real data: the orders of a British gift shop, from files to slates with reasons.

    python bench/online_retail.py [--data FOLDER]

runs the commands that a shop keeper would run, in a folder of its own, and writes what they print to
docs/online-retail.md. FOLDER holds the two years of UCI Online Retail II as ``year_2009_2010.parquet`` and
``year_2010_2011.parquet`` (default: $SLATEWRIGHT_DATA/online_retail, or ../shared/data/online_retail).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from harness import machine, record

from slatewright.core.arrays import Mask
from slatewright.core.clock import instant
from slatewright.data.dataset import Dataset
from slatewright.data.reading_log import read_dataset
from slatewright.store.shop import Shop

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "online-retail.md"
CUT = "2011-10-01"
FILES = ("year_2009_2010.parquet", "year_2010_2011.parquet")
BAR = {"recall": 0.080, "ndcg": 0.092}


@dataclass
class Terminal:
    """Commands run one after the other in a folder; remembers what each printed and how long it took."""

    folder: Path
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, command: str, *, shop: bool = True) -> str:
        """What a command prints; it must succeed."""
        start = time.perf_counter()
        binary = Path(sys.executable).parent
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder / "shop" if shop else self.folder,
            env={**os.environ, "PATH": f"{binary}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "118", "NO_COLOR": "1"},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        name = command.split()[1]
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
        return done.stdout

    def shown(self, *commands: str, shop: bool = True) -> str:
        """Commands and what they print, as a block of a page."""
        parts = [f"$ {command}\n{_tidy(self.run(command, shop=shop))}" for command in commands]
        return "```text\n" + "\n\n".join(parts) + "\n```"


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


def customers(shop: Shop) -> tuple[str, str]:
    """Two customers who came back after the cut: one with a history of middling length, one with very little."""
    train = read_dataset(shop.log, as_of=instant(CUT))
    later = read_dataset(shop.log)
    returned, _ = train.users.locate(later.users.names_of(np.unique(later.interactions.user[_after(later)])))
    lengths = train.histories().lengths()[returned]
    by_length = returned[np.argsort(lengths, kind="stable")]
    short = returned[(lengths >= 3) & (lengths <= 5)]
    return train.users.name(int(by_length[len(by_length) // 2])), train.users.name(int(short[0]))


def _after(dataset: Dataset) -> Mask:
    return np.asarray(dataset.interactions.time >= instant(CUT), dtype=np.bool_)


def bought(shop: Shop, user: str) -> str:
    """What a customer bought last before the cut."""
    train = read_dataset(shop.log, as_of=instant(CUT))
    index = train.users.find(user)
    return train.items.name(int(train.histories().items_of(index or 0)[-1]))


def slate(terminal: Terminal, user: str) -> str:
    """A slate, and why its first item is there."""
    command = f"slatewright recommend {user} -k 8"
    return terminal.shown(command, f"slatewright why {user} {listed(terminal, user)[0]}")


def left_out(terminal: Terminal, user: str) -> str:
    """The most popular item of the newcomers' slate that this user does not see."""
    seen = set(listed(terminal, user))
    return next(item for item in listed(terminal, "newcomer") if item not in seen)


def listed(terminal: Terminal, user: str) -> list[str]:
    """The items of a slate."""
    answer = json.loads(terminal.run(f"slatewright recommend {user} --json"))
    return [str(item["item_id"]) for item in answer["items"]]


def page(terminal: Terminal, data: Path) -> str:
    """The whole page."""
    for name in FILES:
        (terminal.folder / name).symlink_to((data / name).resolve())
    opening = [terminal.shown("slatewright init shop --events 'year_*.parquet'", shop=False)]
    opening.append(terminal.shown("slatewright import"))
    check = terminal.shown("slatewright check")
    terminal.run(f"slatewright train --as-of {CUT}")
    terminal.run("slatewright evaluate --bundle live")
    shop = Shop.open(terminal.folder / "shop")
    found = (shop.reports / "evaluation.md").read_text(encoding="utf-8").split("\n", 1)[1].replace("## ", "### ")
    usual, fresh = customers(shop)
    slates = {
        "Somebody who knows the shop": usual,
        "A customer with three to five purchases": fresh,
        "Somebody never seen before": "newcomer",
    }
    parts = [f"### {title}\n\n{slate(terminal, user)}" for title, user in slates.items()]
    visitor = "slatewright recommend --item 85123A --item 22423 -k 8"
    parts.append(f"### And a visitor without a name, two products in hand\n\n{terminal.shown(visitor)}")
    missing = [f"slatewright why-not {usual} {item}" for item in (left_out(terminal, usual), bought(shop, usual))]
    why_not = terminal.shown(*missing)
    return TEXT.format(
        opening="\n\n".join(opening), check=check, cut=CUT, found=found.strip(), slates="\n\n".join(parts),
        why_not=why_not, timing=_timing(terminal.seconds),
    )  # fmt: skip


def _timing(seconds: dict[str, float]) -> str:
    each = ", ".join(f"{name} {seconds[name]:.0f} s" for name in ("import", "train", "evaluate"))
    return f"On {machine()['cores']} cores: {each}."


def main() -> None:
    """Run the job, write the page, keep the figures."""
    default = Path(os.environ.get("SLATEWRIGHT_DATA", ROOT.parent / "shared" / "data")) / "online_retail"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=default)
    data = parser.parse_args().data
    with tempfile.TemporaryDirectory() as folder:
        terminal = Terminal(Path(folder))
        text = page(terminal, data)
        report = json.loads((Path(folder) / "shop" / "reports" / "evaluation.json").read_text())
    PAGE.write_text(text, encoding="utf-8")
    group = report["groups"][0]
    figures = {
        one["name"]: {metric: round(one["metrics"][metric]["value"], 4) for metric in BAR} for one in group["measured"]
    }
    seconds = {name: round(value, 1) for name, value in terminal.seconds.items()}
    record("online_retail", {"group": group["name"], "k": report["k"], "bar": BAR, **figures, "seconds": seconds})
    print(f"written: {PAGE.relative_to(ROOT)}")


TEXT = """# Online Retail, from files to slates

Two years of orders of a British shop for gifts, December 2009 to December 2011, with everything real data has: rows
without a customer, cancelled invoices, returns of things never bought, product codes in two spellings, postage and bank
charges among the products.

This page is written by `python bench/online_retail.py`, which runs the commands below in a fresh folder.
{timing}

The data is [Online Retail II](https://doi.org/10.24432/C5CG6D) of the UCI repository (CC BY 4.0): Chen, Sain, Guo
(2012), Data mining for the online retail industry, J. Database Marketing & Customer Strategy Management 19(3).
The two files overlap by nine days of December 2010; the rows of the overlap are exact duplicates and are merged.

## From files to a log

{opening}

## What is in it

{check}

## How good are the slates?

`slatewright train --as-of {cut}` knows nothing of what comes later, and `slatewright evaluate --bundle live` judges the
whole pipeline, opened as the server opens it, by the orders from that day on. The recipe is the default one, whose
[score learns](two-stages.md) from the latest tenth of the events. Its knobs were chosen on earlier windows (August and
September 2011, June and July 2011, autumn 2010). The test part was run after most changes of the recipe, and each
choice was made on the windows: mildly informed, not untouched. As one stage, a blend of the three models, the same
recipe comes to .0897 / .1014.
For orientation, measured with other tools on the same cut for users with a new item, Recall@20 / NDCG@20:
popularity .031 / .041, popularity of the last month .041 / .051, ALS with 64 factors .069 / .078, EASE .076 / .087.

{found}

## Three slates and their reasons

{slates}

## And why not?

{why_not}
"""


if __name__ == "__main__":
    main()
