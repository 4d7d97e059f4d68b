"""Error conditions of Spark and of Databricks' APIs, and SQLSTATEs, as they stand in messages.

Databricks documents the form as `[CONDITION.SUBCONDITION] message SQLSTATE: 12345`; older
runtimes leave out the state or even the brackets.
"""

import re2

from rules.error_conditions import error_condition_table

CARRYING = frozenset(
    {"STREAM_FAILED", "TASK_WRITE_FAILED", "FAILED_EXECUTE_UDF", "JAVA_GATEWAY_EXITED"}
)
"""Those that only carry another error."""

_BRACKETED = re2.compile(r"\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9][A-Z0-9_]*)?)\]")
_NAME = r"[A-Z][A-Z0-9]*_[A-Z0-9_]+(?:\.[A-Z0-9][A-Z0-9_]*)?"
_LEADING = re2.compile(
    rf"^(?:Error: |Failure: )?({_NAME}|AADSTS\d+)(?:: |:$)"
    # Databricks' reference shows what a call fails with by the name alone.
    rf"|^Error: ({_NAME})$"
)
# In notes and answers those of Spark stand without brackets, too: alone, or before a sentence.
_BARE = re2.compile(
    r"^(?:Error: )?`?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:\.[A-Z0-9_]+)?`?(?:$| [A-Z])"
)
_STATES_TOO = frozenset(
    {"INTERNAL_ERROR", "INVALID_PARAMETER_VALUE", "MALFORMED_REQUEST", "READ_ONLY"}
)
"""Names of error conditions that are states of runs and codes of any request, too."""
_PYSPARK = re2.compile(r"(?:error_?[cC]lass|errorClass)\s*=\s*[\"']([A-Z][A-Z0-9_.]+)[\"']")
_SQLSTATE = re2.compile(r"SQLSTATE(?:: |=|\[| )([0-9A-Z]{5})\b")
# A logger's levels and a test runner's outcomes stand in brackets too; an error condition without
# an underscore is taken only when it is one of the few that exist.
_SINGLE_WORDS = frozenset({"COLLATION", "CONNECT", "STREAMING", "AMBIGUOUS", "UNSUPPORTED"})
_NO_ERROR_CONDITIONS = ("END_", "START_", "LOG_", "INFO_", "DEBUG_")
# `PKG_CONFIG_PATH: /usr/lib/pkgconfig`: a variable, as a step of CI prints those it was given.
_SETTING = re2.compile(
    r"^\w+_(?:PATH|DIR|HOME|ROOT|URL|URI|HOST|PORT|VERSION|REGION|ENV|FLAGS|OPTS|PREFIX|FILE|NAME"
    r"|USER|PASSWORD|TOKEN|KEY|SECRET|ID|PROFILE|ENDPOINT|BUCKET|LEVEL|TARGET|WORKSPACE): \S+$"
)
# Bare codes of other software, as Node prints them.
_OF_OTHERS = ("ERR_", "UNKNOWN_", "EXIT_", "HTTP_")
_SAYS_WRONG = ("INVALID_", "MISSING_", "UNKNOWN_", "DUPLICATE_", "MALFORMED_", "UNSUPPORTED_")


def error_condition_in(text: str) -> tuple[str, int, int]:
    """Find a text's first error condition and where it stands; `("", -1, -1)` if there is none."""
    if "[" in text:
        for match in _BRACKETED.finditer(text):
            name = match.group(1)
            if ("_" in name or "." in name or name in _SINGLE_WORDS) and not name.startswith(
                _NO_ERROR_CONDITIONS
            ):
                return name, match.start(), match.end()
    if text[:1].isupper() and (match := _LEADING.search(text)) is not None:
        if _is_of_others(text, match.group(2) or ""):
            return "", -1, -1
        group = 1 if match.group(1) else 2
        return match.group(group), match.start(group), match.end(group)
    if "_" in text[:80] and (match := _BARE.search(text)) is not None:
        name = match.group(1)
        if name in error_condition_table().known and name not in _STATES_TOO:
            return name, 0, match.end(1)
    return "", -1, -1


def _is_of_others(text: str, bare: str) -> bool:
    """Tell a setting that is printed, and a bare code that no Spark or Databricks has."""
    if bare.startswith(_OF_OTHERS) or bare in _STATES_TOO:
        return True
    return _SETTING.match(text) is not None and not text.startswith(_SAYS_WRONG)


def raised_error_condition(code: str) -> str:
    """Find the error condition that a line of PySpark's own code is about to raise."""
    if "lass" not in code:
        return ""
    match = _PYSPARK.search(code)
    return match.group(1) if match else ""


def sqlstate_in(text: str) -> str:
    """Find the SQLSTATE of a message."""
    if "SQLSTATE" not in text:
        return ""
    match = _SQLSTATE.search(text)
    return match.group(1) if match else ""
