"""The state of several processes and machines: what happened since a bundle was made, counted in Redis.

The bundle's own counters stay in each process; Redis has one record for each key with events since: an instant, and the
cells as of that instant. Sums of two instants add once one of them is faded to the other, so a batch is counted
beforehand, sent as such records, and added by a script that runs whole or not at all, together with the position.
"""

import logging
import secrets
import time
from collections.abc import Callable, Iterator

import numpy as np

from slatewright.core.arrays import Index, Offsets
from slatewright.core.redis_client import RedisClient
from slatewright.features.counters import Counters
from slatewright.features.layout import SUM_OF_VALUES, Acts, Layout, Numbers, Pairs
from slatewright.features.state import Arrival, since

log = logging.getLogger("slatewright.features")

PREFIX = "slatewright:counts:"
PATIENCE = 0.25  # seconds to wait for Redis while counting
_AT_ONCE = 1000  # records in one round trip
_KEPT = 2  # bundles whose records stay: the live one, and the one that a rollback goes to

# KEYS: the pointer to the generation. ARGV: prefix, journal, after, upto, instant, the half-lives of every space
# (0: a maximum; below 0: never fades) as "h,h;h", then space, key and cells of each record.
_ADD = """
local generation = redis.call('GET', KEYS[1])
if not generation then return 0 end
local prefix = ARGV[1] .. generation .. ':'
if redis.call('GET', prefix .. 'at:' .. ARGV[2]) ~= ARGV[3] then return 0 end
local instant, spaces = tonumber(ARGV[5]), {}
for space in string.gmatch(ARGV[6], '([^;]*);') do
  local lives = {}
  for life in string.gmatch(space, '([^,]+)') do lives[#lives + 1] = tonumber(life) end
  spaces[#spaces + 1] = lives
end
for at = 7, #ARGV, 3 do
  local key, lives = prefix .. ARGV[at] .. ':' .. ARGV[at + 1], spaces[tonumber(ARGV[at]) + 1]
  local held, latest, cells = redis.call('GET', key), instant, {}
  local before = held and struct.unpack('<d', held) or instant
  if before > latest then latest = before end
  for column = 1, #lives do
    local life, place = lives[column], (column - 1) * 8
    local new = struct.unpack('<d', ARGV[at + 2], place + 1)
    local old = held and struct.unpack('<d', held, place + 9)
    if life > 0 then
      new = new * 2 ^ ((instant - latest) / life)
      if held then old = old * 2 ^ ((before - latest) / life) end
    end
    if held and life == 0 then new = math.max(new, old) elseif held then new = new + old end
    cells[column] = struct.pack('<d', new)
  end
  redis.call('SET', key, struct.pack('<d', latest) .. table.concat(cells))
end
redis.call('SET', prefix .. 'at:' .. ARGV[2], ARGV[4])
return 1
"""

# ARGV: prefix, then of each space its number, the record of a key without events, and the rows wanted, int32.
_READ = """
local found = {}
for at = 2, #ARGV, 3 do
  local prefix, nothing, rows = ARGV[1] .. ARGV[at] .. ':', ARGV[at + 1], ARGV[at + 2]
  for place = 1, #rows, 4 do
    found[#found + 1] = redis.call('GET', prefix .. struct.unpack('<i4', rows, place)) or nothing
  end
end
return table.concat(found)
"""


class RedisState:
    """Counts that all processes which ask one Redis share; ``label`` names the bundle.

    While Redis is away, reading gives the bundle's own counters: the first question that it does not answer waits
    a moment, and then it is left alone for a second.

    Raises:
        MissingExtra: the client of Redis is not installed.
    """

    def __init__(
        self, url: str, layout: Layout, counters: Counters, *, shop: str, label: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._client = RedisClient(url, why="counting in Redis", patience=PATIENCE, log=log, clock=clock)
        self._redis = self._client.redis
        self._add, self._read = self._redis.register_script(_ADD), self._redis.register_script(_READ)
        self._layout, self._bundle = layout, counters
        self._shop, self._label = f"{PREFIX}{shop}:", label
        self._prefix = f"{self._shop}{label}:"
        self._generation: str | None = None
        self._columns = [np.flatnonzero(layout.space == space) for space in range(len(layout.n_keys))]

    @property
    def pairs(self) -> Pairs:
        """The items that go together, as the bundle learned."""
        return self._bundle.pairs

    def gather(self, layout: Layout, items: Index, now: int) -> Numbers:
        """The cells of some items as of ``now``, and their totals: float64 (n + 1, n_columns)."""
        found = self._bundle.gather(layout, items, now)
        return self._client.ask(lambda: self._with_records(found, items, now), found)

    def position(self, journal: str) -> int | None:
        """The number of the last row of a journal that counts here; None before ``begin``, or while Redis is away."""
        return self._client.ask(lambda: self._position(journal), None)

    def begin(self, arrival: Arrival) -> None:
        """Count from the bundle anew: these events are all that happened since, whatever was counted before.

        Others read what was there before until all of it is written.

        Raises:
            Unreachable: Redis does not answer.
        """
        self._client.insist(lambda: self._begin(arrival))

    def _begin(self, arrival: Arrival) -> None:
        generation = secrets.token_hex(4)
        prefix = f"{self._prefix}{generation}:"
        acts = since(arrival.acts, self._bundle.as_of)
        instant = int(acts.times.max(initial=self._bundle.as_of))
        pipeline = self._redis.pipeline(transaction=False)
        for space, key, cells in _records(self._layout, self._columns, acts, instant):
            pipeline.set(f"{prefix}{space}:{key}", np.float64(instant).tobytes() + cells)
            if len(pipeline) >= _AT_ONCE:
                pipeline.execute()
        pipeline.set(f"{prefix}at:{arrival.journal}", arrival.upto)
        pipeline.set(f"{self._prefix}now", generation)
        pipeline.execute()
        self._generation = generation
        self._sweep()

    def apply(self, arrival: Arrival) -> bool:
        """Count what follows on the last row; anything else is refused (False) and changes nothing."""
        acts = since(arrival.acts, self._bundle.as_of)
        instant = int(acts.times.max(initial=self._bundle.as_of))
        lives = "".join(",".join(self._life(int(column)) for column in columns) + ";" for columns in self._columns)
        records = [part for record in _records(self._layout, self._columns, acts, instant) for part in record]
        head = [self._prefix, arrival.journal, arrival.after, arrival.upto, instant, lives]
        counted = self._client.ask(lambda: self._add(keys=[f"{self._prefix}now"], args=[*head, *records]), 0)
        return bool(counted)

    def close(self) -> None:
        """Let go of the connections; what is counted stays for others."""
        self._client.close()

    def _life(self, column: int) -> str:
        """The half-life of a column, for the script."""
        if self._layout.mode[column] > SUM_OF_VALUES:
            return "0"
        half_life = self._layout.half_life[column]
        return repr(float(half_life)) if np.isfinite(half_life) else "-1"

    def _position(self, journal: str) -> int | None:
        generation = self._redis.get(f"{self._prefix}now")
        if generation is None:
            return None
        self._generation = generation.decode()
        at = self._redis.get(f"{self._prefix}{self._generation}:at:{journal}")
        return None if at is None else int(at)

    def _with_records(self, found: Numbers, items: Index, now: int) -> Numbers:
        """What the bundle counted and what the records say, added where cells sum, the larger where they do not."""
        if self._generation is None:
            return found
        wanted, asked = [], []
        for space, columns in enumerate(self._columns):
            if len(columns):
                total = self._layout.n_keys[space] + 1
                rows, places = np.unique(np.append(self._layout.rows[space, items], total), return_inverse=True)
                wanted.append((columns, len(rows), places))
                nothing = np.where(self._layout.mode[columns] <= SUM_OF_VALUES, 0.0, -np.inf)
                asked += [space, np.append(0.0, nothing).tobytes(), rows.astype("<i4").tobytes()]
        held = np.frombuffer(self._read(args=[f"{self._prefix}{self._generation}:", *asked]))
        both, begin = found.copy(), 0
        for columns, n_rows, places in wanted:
            end = begin + n_rows * (1 + len(columns))
            cells = self._as_of(columns, held[begin:end].reshape(n_rows, -1), now)[places]
            sums = self._layout.mode[columns] <= SUM_OF_VALUES
            both[:, columns] = np.where(sums, both[:, columns] + cells, np.maximum(both[:, columns], cells))
            begin = end
        return both

    def _as_of(self, columns: Offsets, table: Numbers, now: int) -> Numbers:
        """Records, float64 (records, 1 + columns), as cells at an instant."""
        sums = self._layout.mode[columns] <= SUM_OF_VALUES
        fade = np.exp2(-np.maximum(now - table[:, :1], 0) / self._layout.half_life[columns])
        cells: Numbers = np.where(sums, table[:, 1:] * fade, table[:, 1:])
        return cells

    def _sweep(self) -> None:
        """Remove the records of all bundles but the newest."""
        labels = f"{self._shop}labels"
        self._redis.lrem(labels, 0, self._label)
        self._redis.lpush(labels, self._label)
        for label in self._redis.lrange(labels, _KEPT, -1):
            self._client.delete(f"{self._shop}{label.decode()}:")
            self._redis.lrem(labels, 0, label)
        own, pointer = f"{self._prefix}{self._generation}:".encode(), f"{self._prefix}now".encode()
        self._client.delete(self._prefix, keep=lambda key: key.startswith(own) or key == pointer)


def _records(layout: Layout, columns: list[Offsets], acts: Acts, instant: int) -> Iterator[tuple[int, int, bytes]]:
    """The keys that events touch, totals too, with their cells as of ``instant``: space, key, float64 bytes."""
    if len(acts.items) == 0:
        return
    items, own = np.unique(acts.items, return_inverse=True)
    keys = [np.unique(rows[items]) for rows in layout.rows]
    keys = [key[key < n] for key, n in zip(keys, layout.n_keys, strict=True)]
    n_keys = np.array([len(key) for key in keys], dtype=np.int64)
    sizes = (n_keys + 2) * layout.width
    rows = np.stack([np.searchsorted(key, all_rows[items]) for key, all_rows in zip(keys, layout.rows, strict=True)])
    small = layout._replace(rows=rows.astype(np.int32), n_keys=n_keys, base=np.cumsum(sizes) - sizes)
    counted = Counters.nothing(small, instant, 0)
    counted.count(small, Acts(own.astype(np.int32), *acts[1:]))
    for space, key in enumerate(keys):
        if len(columns[space]) == 0:
            continue
        begin = small.base[space]
        cells = counted.cells[begin : begin + sizes[space]].reshape(-1, layout.width[space])
        for row, name in enumerate(key.tolist()):
            yield space, name, cells[row].tobytes()
        yield space, int(layout.n_keys[space]) + 1, cells[-1].tobytes()
