"""What the thing that a finding names may be called."""

NAMES = frozenset(
    [
        "module",
        "column",
        "table",
        "model",
        "path",
        "library",
        "host",
        "exit_code",
        "function",
        "field",
        "parameter",
        "secret",
        "scope",
        "principal",
        "permission",
        "limit",
        "instance_type",
        "region",
        "endpoint",
        "package",
        "version",
        "url",
        "job",
        "status",
        "port",
        "signal",
        "user",
        "database",
        "key",
        "type",
        "operation",
        "setting",
        "topic",
        "query",
        "constraint",
    ]
)
"""Captures with these names become entities; others only fill summaries.

A summary may use them without a capture: the cause may name what the rule's patterns do not take.
"""

SAID_BY_CAUSE = frozenset(["exception", "message"])
"""What a summary may also use: the type of the cause, and the first line of what it says."""
