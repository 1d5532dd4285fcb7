"""How often a key may ask: a token bucket."""

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """Holds ``burst`` tokens and gains ``per_second``; a request takes one. ``at`` is an instant in seconds."""

    per_second: float
    burst: int
    tokens: float
    at: float

    def take(self, now: float) -> float:
        """Take a token and give 0, or give the seconds until there is one."""
        self.tokens = min(float(self.burst), self.tokens + max(0.0, now - self.at) * self.per_second)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.per_second
