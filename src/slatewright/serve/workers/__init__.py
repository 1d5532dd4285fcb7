"""Several processes of one server: each answers and takes events in, and what one of them knows, all know."""

from slatewright.serve.workers.bell import Bell
from slatewright.serve.workers.crew import Crew
from slatewright.serve.workers.duty import Duty
from slatewright.serve.workers.shared_buckets import SharedBuckets

__all__ = ["Bell", "Crew", "Duty", "SharedBuckets"]
