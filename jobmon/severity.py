"""How bad a failure is, in three steps: a closed set of names that routes can ask for."""

from enum import StrEnum

from jobmon.run import Outcome

PRODUCTION = ("prod", "live")
"""How the names of environments begin on which others depend."""
LESS_THAN_FAILED = frozenset(
    {
        Outcome.SUCCEEDED,
        Outcome.SUCCEEDED_WITH_FAILURES,
        Outcome.CANCELLED,
        Outcome.SKIPPED,
    }
)
"""Ends of runs that did not fail as a whole; one that succeeded has reported failed parts."""


class Severity(StrEnum):
    """Whether somebody should look now, today, or only know."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


def usual_severity(outcome: Outcome | None, environment: str) -> Severity:
    """What a failure is where no setting and no tag says otherwise.

    `critical` in production and `warning` elsewhere; one step less for a run that did not fail
    as a whole: it succeeded with failures or reported some, or was cancelled or skipped.
    """
    is_production = environment.strip().casefold().startswith(PRODUCTION)
    if outcome in LESS_THAN_FAILED:
        return Severity.WARNING if is_production else Severity.INFO
    return Severity.CRITICAL if is_production else Severity.WARNING
