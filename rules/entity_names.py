"""Which entities a finding names, and which words are the name of none."""

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

_NO_NAMES = frozenset(
    [
        "an", "and", "are", "be", "been", "by", "can", "could", "did", "do", "does", "due", "for",
        "from", "had", "has", "have", "if", "in", "instead", "is", "it", "must", "not", "of", "on",
        "or", "should", "than", "that", "the", "this", "to", "was", "were", "which", "will",
        "with", "would", "None",
    ]
)  # fmt: skip
"""Words that a sentence goes on with, and Python's nothing. Columns and tables are called `a`."""
_NO_SUCH = {
    "table": frozenset(
        [
            # What is done with one, or has none: `the table MERGE …`, `relation null`.
            *("DELETE", "INSERT", "MERGE", "UPDATE", "ALTER", "REFRESH", "null", "["),
            # What is lacking on one, or is another kind of thing: `table privileges`.
            *("privilege", "privileges", "permission", "permissions", "schema", "table", "view"),
        ]
    ),
    # What befell one, or what installs them: `library failed to install`.
    "library": frozenset(
        {"failed", "failure", "error", "returned", "exited", "command", "package", "packages"}
    ),
    # What one is called in general: `host when connecting`, `cannot reach the proxy`.
    "host": frozenset({"proxy", "when", "host", "hostname"}),
    # No failure.
    "exit_code": frozenset({"0"}),
}
"""Words that stand where some messages have a name of this kind."""

SAID_BY_CAUSE = frozenset(["exception", "message"])
"""What a summary may also use: the type of the cause, and the first line of what it says."""


def is_name(kind: str, value: str) -> bool:
    """Tell a name from a word of the sentence that stands where some messages have a name."""
    if value in _NO_SUCH.get(kind, ()) or (kind == "table" and "(" in value):
        return False
    return kind not in NAMES or value not in _NO_NAMES
