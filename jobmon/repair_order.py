"""Which of two looks at a run shows more of its repairs: pure.

Databricks says nothing of an order of the repairs' ids. What only grows is their number.
"""

from jobmon.incident import FailedRun
from jobmon.run import Run


def is_repaired_since(run: Run, known: FailedRun) -> bool:
    """Whether a look shows a repair that began after what is known."""
    return run.repairs > _number(known)


def is_before_repair(run: Run, known: FailedRun) -> bool:
    """Whether a look was taken before a repair that is known, and only comes after it."""
    return run.repairs < _number(known)


def _number(known: FailedRun) -> int:
    # What an older version stored has the latest repair's id, and not how many there were.
    return max(known.repairs, 1 if known.repair_id else 0)
