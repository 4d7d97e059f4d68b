"""How Databricks' states map to an outcome: `status` first, the deprecated `state` after it."""

from collections.abc import Mapping

from jobmon.databricks.bounds import MAX_MESSAGE, clean
from jobmon.databricks.fields import Json, mapping, text
from jobmon.run import Outcome, Termination

RESULT_STATES: Mapping[str, Outcome] = {
    "SUCCESS": Outcome.SUCCEEDED,
    "SUCCESS_WITH_FAILURES": Outcome.SUCCEEDED_WITH_FAILURES,
    "FAILED": Outcome.FAILED,
    "TIMEDOUT": Outcome.TIMED_OUT,
    "CANCELED": Outcome.CANCELLED,
    "MAXIMUM_CONCURRENT_RUNS_REACHED": Outcome.SKIPPED,
    "EXCLUDED": Outcome.EXCLUDED,
    "UPSTREAM_FAILED": Outcome.UPSTREAM_FAILED,
    "UPSTREAM_EVICTED": Outcome.UPSTREAM_FAILED,
    "UPSTREAM_CANCELED": Outcome.UPSTREAM_CANCELLED,
    "DISABLED": Outcome.DISABLED,
}

LIFE_CYCLE_STATES: Mapping[str, Outcome] = {
    "SKIPPED": Outcome.SKIPPED,
    "INTERNAL_ERROR": Outcome.FAILED,
    "TERMINATED": Outcome.UNKNOWN,
}

TERMINATION_CODES: Mapping[str, Outcome] = {
    "SUCCESS": Outcome.SUCCEEDED,
    "SUCCESS_WITH_FAILURES": Outcome.SUCCEEDED_WITH_FAILURES,
    "USER_CANCELED": Outcome.CANCELLED,
    "CANCELED": Outcome.CANCELLED,
    "SKIPPED": Outcome.SKIPPED,
    "MAX_CONCURRENT_RUNS_EXCEEDED": Outcome.SKIPPED,
    "MAX_JOB_QUEUE_SIZE_EXCEEDED": Outcome.SKIPPED,
    "DISABLED": Outcome.DISABLED,
}

UPSTREAM_FAILED = "an upstream task failed"
UPSTREAM_CANCELLED = "an upstream task was cancel"
TIMED_OUT = ("timed out", "timedout", "maximum run duration", "exceeded the timeout")


def outcome_of(body: Json) -> Outcome | None:
    """How a run or task run ended; None while it has not."""
    status, state = mapping(body, "status"), mapping(body, "state")
    life_cycle = text(state, "life_cycle_state")
    stage = text(status, "state")
    if stage != "TERMINATED" if stage else life_cycle not in LIFE_CYCLE_STATES:
        return None
    # The old result state is the more precise of the two where it is given: the termination code
    # calls tasks below a failed one SKIPPED, and a time-out CANCELED.
    named = RESULT_STATES.get(text(state, "result_state"))
    if named is not None:
        return named
    details = mapping(status, "termination_details")
    if code := text(details, "code"):
        return _from_code(code, text(details, "message"))
    outcome = LIFE_CYCLE_STATES.get(life_cycle, Outcome.UNKNOWN)
    if outcome is Outcome.SKIPPED:
        return _why_skipped(text(state, "state_message"))
    return outcome


def termination_of(body: Json) -> Termination | None:
    """Why it ended, with codes kept as sent; None while it has not ended."""
    if outcome_of(body) is None:
        return None
    state = mapping(body, "state")
    details = mapping(mapping(body, "status"), "termination_details")
    message = text(details, "message") or text(state, "state_message")
    return Termination(
        code=text(details, "code")
        or text(state, "result_state")
        or text(state, "life_cycle_state"),
        type=text(details, "type"),
        message=clean(message, MAX_MESSAGE),
    )


def _from_code(code: str, message: str) -> Outcome:
    outcome = TERMINATION_CODES.get(code, Outcome.FAILED)
    if outcome is Outcome.SKIPPED:
        return _why_skipped(message)
    if code == "CANCELED" and any(sign in message.lower() for sign in TIMED_OUT):
        return Outcome.TIMED_OUT
    return outcome


def _why_skipped(message: str) -> Outcome:
    said = message.lower()
    if UPSTREAM_FAILED in said:
        return Outcome.UPSTREAM_FAILED
    return Outcome.UPSTREAM_CANCELLED if UPSTREAM_CANCELLED in said else Outcome.SKIPPED
