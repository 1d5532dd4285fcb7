"""Slates that were made already: in the memory of this process, and in Redis where several processes share them."""

from slatewright.serve.caching.contracts import CachedSlate, SlateCache
from slatewright.serve.caching.in_process import InProcessCache
from slatewright.serve.caching.in_redis import RedisCache

__all__ = ["CachedSlate", "InProcessCache", "RedisCache", "SlateCache"]
