"""The settings of the server: section ``[serve]`` of ``slatewright.toml``."""

import re
from dataclasses import dataclass
from typing import Annotated

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob, check_knobs

ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")


@dataclass(frozen=True, slots=True)
class Serving:
    """How the server listens, how much it takes in, how often it looks around."""

    host: Annotated[str, Knob("address to listen on; 0.0.0.0 lets other machines in")] = "127.0.0.1"
    port: Annotated[int, Knob("port to listen on; 0 takes a free one", least=0, most=65535)] = 8087
    page: Annotated[bool, Knob("show the shop page at /; off where an API key is asked for")] = True
    image_hosts: Annotated[tuple[str, ...], Knob("hosts that item images may come from, as https://cdn.example")] = ()
    origins: Annotated[
        tuple[str, ...], Knob("pages of other hosts that may ask, as https://shop.example; * lets all in")
    ] = ()
    max_k: Annotated[int, Knob("longest slate that may be asked for, offset included", least=1)] = 1000
    max_body_bytes: Annotated[int, Knob("longest request body, in bytes", least=1024)] = 1_048_576
    max_events: Annotated[int, Knob("most events in one request", least=1)] = 1000
    flush_seconds: Annotated[float, Knob("seconds between two moves of the journal into the log", above=0)] = 5.0
    watch_seconds: Annotated[float, Knob("seconds between two looks at the live pointer", above=0)] = 0.5
    max_live_events: Annotated[int, Knob("fresh events held in memory over all users", least=1)] = 500_000
    max_live_events_per_user: Annotated[int, Knob("fresh events held in memory of one user", least=1)] = 500
    max_live_shown: Annotated[
        int, Knob("items shown lately that are held in memory over all users, where the recipe asks for them", least=1)
    ] = 1_000_000
    max_told_facts: Annotated[
        int, Knob("facts of users told since training that are held in memory over all users", least=1)
    ] = 100_000

    deadline_ms: Annotated[
        float, Knob("a slate is answered within so many milliseconds, from what is at hand", above=0)
    ] = 1000.0
    threads: Annotated[int, Knob("threads that make slates", least=1, most=64)] = 1
    max_waiting: Annotated[int, Knob("slates that may wait for a thread; more get popular items at once", least=1)] = 64
    max_waiting_events: Annotated[
        int, Knob("events that may wait for the disk; more are refused with 503", least=1)
    ] = 10_000
    max_open: Annotated[
        int, Knob("questions open at once, and requests with events; more are refused with 503", least=1)
    ] = 500
    cache_mb: Annotated[int, Knob("megabytes of answers held in memory; 0 holds none", least=0)] = 64
    cache_seconds: Annotated[float, Knob("seconds for which an answer is as good as new", least=0)] = 60.0
    keep_seconds: Annotated[float, Knob("seconds for which an answer is held to help out", above=0)] = 3600.0
    explain_mb: Annotated[
        float, Knob("megabytes on disk for how the latest slates came about; 0 keeps none", least=0)
    ] = 64.0
    counts_in_redis: Annotated[
        bool, Knob("count what features read in the Redis of SLATEWRIGHT_REDIS_URL, for several servers together")
    ] = False
    snapshot_seconds: Annotated[
        float, Knob("seconds between two snapshots of what was counted, which a start goes on from", above=0)
    ] = 30.0
    log_details: Annotated[bool, Knob("log what errors say, which may name users and items")] = False

    def __post_init__(self) -> None:
        check_knobs(self)
        for origin in self.origins:
            if origin != "*" and not ORIGIN.fullmatch(origin):
                raise BadKnob(
                    f"Serving.origins must be like https://shop.example, without a path or a slash at the end, "
                    f"got {origin!r}"
                )
