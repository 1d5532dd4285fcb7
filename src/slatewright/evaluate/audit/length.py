"""The check of k: a list as long as the catalogue is right by being complete."""

from slatewright.evaluate.audit.evidence import Evidence
from slatewright.evaluate.audit.finding import Finding


def check_k(evidence: Evidence) -> Finding:
    """Lists are no longer than what they are chosen from."""
    n_items = evidence.train.n_items
    if evidence.k <= n_items:
        return Finding("k", "passed", f"lists of {evidence.k} are chosen from {n_items:,} items")
    reason = f"lists of {evidence.k} hold the whole catalogue of {n_items:,} items: any list would find everything"
    return Finding(
        "k", "failed", reason, evidence.k - n_items, remedy=f"judge lists of {max(1, n_items // 2)} or fewer"
    )
