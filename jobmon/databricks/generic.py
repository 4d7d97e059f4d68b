"""Recognise texts that say that something failed, but not why."""

import re

GENERIC_TEXTS = re.compile(
    r"""^(?:
      (?:Task\ \S+\ failed\ with\ message:\ )?
      (?: Workload\ failed,\ see\ run\ output\ for\ details
        | Run\ failed\ with\ error\ message
        | An\ error\ occurred\ while\ executing\ the\ (?:task|run)
        | Run\ result\ unavailable(?::\ job\ failed\ with\ error\ message)?
        | Internal\ error
      )
      \.?
      (?:\ This\ caused\ all\ downstream\ tasks\ to\ get\ skipped\.)?
    )\s*$""",
    re.VERBOSE | re.IGNORECASE,
)

DRIVER_DIED = re.compile(
    r"driver (?:has )?(?:stopped|died|restart|is (?:restarting|unreachable|unavailable))"
    r"|driver down|failed to reach the driver|DriverStoppedException|exit code: ?137"
    r"|executioncontextid\(\w+\) is disconnected|fatal error: the python kernel",
    re.IGNORECASE,
)

CLUSTER_SIGNS = re.compile(
    r"\bcluster\b|spot instance|preempt|instances? (?:was|were) (?:lost|terminated)|executorlost"
    r"|bootstrap|init script|container launch",
    re.IGNORECASE,
)

CLUSTER_CODES = frozenset(
    {
        "CLUSTER_ERROR",
        "DRIVER_ERROR",
        "CLOUD_FAILURE",
        "INVALID_CLUSTER_REQUEST",
        "CLUSTER_REQUEST_LIMIT_EXCEEDED",
        "CLUSTER_TERMINATED_BY_USER",
        "MAX_SPARK_CONTEXTS_EXCEEDED",
    }
)

# These signs stand at the top or at the end of a text, if anywhere.
LOOKED_AT = 8 * 1024


def is_generic(text: str) -> bool:
    """Whether a text is empty or only points to somewhere else."""
    return not text.strip() or bool(GENERIC_TEXTS.match(text.strip()[:LOOKED_AT]))


def driver_died(*texts: str) -> bool:
    """Whether a text says that the driver went away."""
    return any(DRIVER_DIED.search(part) for text in texts for part in _ends(text))


def smells_of_cluster(code: str, termination_type: str, *texts: str) -> bool:
    """Whether the cluster's own story may tell more than the task's."""
    if code in CLUSTER_CODES or termination_type == "CLOUD_FAILURE":
        return True
    return driver_died(*texts) or any(
        CLUSTER_SIGNS.search(part) for text in texts for part in _ends(text)
    )


def _ends(text: str) -> tuple[str, ...]:
    return (text,) if len(text) <= 2 * LOOKED_AT else (text[:LOOKED_AT], text[-LOOKED_AT:])
