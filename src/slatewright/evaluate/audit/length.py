"""The check of k: a list as long as the catalogue is right by being complete."""

from slatewright.evaluate.audit.evidence import Evidence
from slatewright.evaluate.audit.finding import Finding


def check_k(evidence: Evidence) -> Finding:
    """Lists are no longer than what they are chosen from."""
    n_items = evidence.train.n_items
    if evidence.protocol.negatives:
        return _among_negatives(evidence)
    if evidence.k <= n_items:
        return Finding("k", "passed", f"lists of {evidence.k} are chosen from {n_items:,} items")
    reason = f"lists of {evidence.k} hold the whole catalogue of {n_items:,} items: any list would find everything"
    return Finding(
        "k", "failed", reason, evidence.k - n_items, remedy=f"judge lists of {max(1, n_items // 2)} or fewer"
    )


def _among_negatives(evidence: Evidence) -> Finding:
    """Sampled negatives flatter, whatever k is; below as many items as k they mean nothing."""
    protocol, pools = evidence.protocol, evidence.cases.pools
    least = int(pools.lengths().min(initial=evidence.k)) if pools is not None else 0
    if evidence.k > protocol.negatives:
        reason = (
            f"lists of {evidence.k} hold all of {protocol.negatives} sampled negatives: any list would find everything"
        )
        remedy = f"judge lists of {max(1, protocol.negatives // 2)} or fewer, or draw more negatives"
        return Finding("k", "failed", reason, evidence.k - protocol.negatives, remedy=remedy)
    reason = f"right items are ranked among {protocol.negatives} sampled items ({protocol.drawn}), not among all "
    reason += f"{evidence.train.n_items:,}: the numbers flatter, and may order two models wrongly"
    reason += f"; the smallest pool holds {least} items" if least < evidence.k else ""
    return Finding("k", "warned", reason, protocol.negatives, remedy="to rank every item, leave sampled negatives out")
