"""Audit: an evaluation that leaks fails, and says why."""

from slatewright.evaluate.audit.auditing import CHECKS, Audit
from slatewright.evaluate.audit.finding import Finding, audit_line

__all__ = ["CHECKS", "Audit", "Finding", "audit_line"]
