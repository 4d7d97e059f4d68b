"""How the API words a state: the present `status` and the deprecated `state` side by side."""

from jobmon.demo.workspace.answers import Body

WORKLOAD_FAILED = "Workload failed, see run output for details"
UPSTREAM_FAILED = "An upstream task failed."

RUNNING: Body = {
    "status": {"state": "RUNNING"},
    "state": {"life_cycle_state": "RUNNING", "state_message": "In run"},
}

# result -> life cycle, result state, termination code, termination type
ENDS: dict[str, tuple[str, str | None, str, str]] = {
    "SUCCESS": ("TERMINATED", "SUCCESS", "SUCCESS", "SUCCESS"),
    "SUCCESS_WITH_FAILURES": (
        "TERMINATED",
        "SUCCESS_WITH_FAILURES",
        "SUCCESS_WITH_FAILURES",
        "SUCCESS",
    ),
    "FAILED": ("TERMINATED", "FAILED", "RUN_EXECUTION_ERROR", "CLIENT_ERROR"),
    # A run with several tasks that fails is called an internal error by the older field.
    "RUN_FAILED": ("INTERNAL_ERROR", "FAILED", "RUN_EXECUTION_ERROR", "CLIENT_ERROR"),
    "TIMEDOUT": ("TERMINATED", "TIMEDOUT", "CANCELED", "CLIENT_ERROR"),
    "CANCELED": ("TERMINATED", "CANCELED", "USER_CANCELED", "SUCCESS"),
    "UPSTREAM_FAILED": ("TERMINATED", "UPSTREAM_FAILED", "SKIPPED", "CLIENT_ERROR"),
    "UPSTREAM_CANCELED": ("TERMINATED", "UPSTREAM_CANCELED", "SKIPPED", "CLIENT_ERROR"),
    "EXCLUDED": ("TERMINATED", "EXCLUDED", "SKIPPED", "SUCCESS"),
    "SKIPPED": ("SKIPPED", None, "SKIPPED", "SUCCESS"),
    "CLUSTER_ERROR": ("INTERNAL_ERROR", "FAILED", "CLUSTER_ERROR", "CLIENT_ERROR"),
    "CLOUD_FAILURE": ("INTERNAL_ERROR", "FAILED", "CLOUD_FAILURE", "CLOUD_FAILURE"),
    "DRIVER_ERROR": ("INTERNAL_ERROR", "FAILED", "DRIVER_ERROR", "CLIENT_ERROR"),
}


def ended(result: str, message: str = "") -> Body:
    """The fields that tell how a run or task run ended."""
    life_cycle, state, code, kind = ENDS[result]
    old: Body = {"life_cycle_state": life_cycle, "state_message": message}
    if state is not None:
        old["result_state"] = state
    if result == "CANCELED":
        old["user_cancelled_or_timedout"] = True
    details = {"code": code, "type": kind, "message": message}
    return {"status": {"state": "TERMINATED", "termination_details": details}, "state": old}
