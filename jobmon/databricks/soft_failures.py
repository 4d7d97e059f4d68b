"""Failures that a successful notebook reports in what it returns from `dbutils.notebook.exit`."""

import json
from collections.abc import Mapping

from jobmon.databricks.bounds import MAX_ERROR, MAX_MESSAGE, clean
from jobmon.databricks.fields import Json, integer, mapping, text
from jobmon.diagnosis import TaskFailure
from jobmon.run import TaskRun

MAX_RESULT = 1024 * 1024
MAX_NAMED = 20

BAD_STATUSES = frozenset({"failed", "failure", "error", "errors", "partial", "partial_failure"})
TOTALS = ("total_models", "total")
FAILED_COUNTS = ("failed", "failed_count", "num_failed", "failures")
FAILED_NAMES = ("failed_models", "failed_items", "failures")


def soft_failure_from(task: TaskRun, output: Json) -> TaskFailure | None:
    """What the notebook reports, if its result is an object that speaks of failures."""
    report = _report(text(mapping(output, "notebook_output"), "result"))
    if report is None:
        return None
    named = _names(report)
    failed = _count(report, FAILED_COUNTS) or len(named)
    if not failed and text(report, "status").lower() not in BAD_STATUSES:
        return None
    return TaskFailure(
        task_key=task.task_key,
        run_id=task.run_id,
        task_type=task.kind,
        termination=task.termination,
        error=clean("\n".join(_errors(report)), MAX_ERROR),
        message=clean(_message(failed, _count(report, TOTALS), named), MAX_MESSAGE),
        origin="notebook exit value",
        source=task.source,
    )


def _report(result: str) -> Json | None:
    if not result.lstrip().startswith("{") or len(result) > MAX_RESULT:
        return None
    try:
        parsed = json.loads(result)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, Mapping) else None


def _count(report: Json, keys: tuple[str, ...]) -> int:
    return next((n for key in keys if (n := integer(report, key)) is not None and n > 0), 0)


def _names(report: Json) -> tuple[str, ...]:
    for key in FAILED_NAMES:
        value = report.get(key)
        if isinstance(value, list | Mapping):
            return tuple(_name(item) for item in value)
    return ()


def _name(item: object) -> str:
    if isinstance(item, Mapping):
        return next((name for key in ("model", "name", "id") if (name := text(item, key))), "?")
    return str(item)


def _message(failed: int, total: int, named: tuple[str, ...]) -> str:
    if not failed:
        return "the notebook reports a failure"
    count = f"{failed} of {total}" if total else str(failed)
    things = "model" if (total or failed) == 1 else "models"
    names = ", ".join(named[:MAX_NAMED])
    more = f" and {len(named) - MAX_NAMED} more" if len(named) > MAX_NAMED else ""
    return f"{count} {things} failed" + (f": {names}{more}" if names else "")


def _errors(report: Json) -> tuple[str, ...]:
    for key in ("errors", "error", "failed_models", "message"):
        value = report.get(key)
        if isinstance(value, str) and value:
            return (value,)
        if isinstance(value, Mapping):
            return tuple(f"{name}: {_error_text(item)}" for name, item in value.items())
        if isinstance(value, list) and (lines := tuple(_error_line(item) for item in value)):
            return lines
    return ()


def _error_line(item: object) -> str:
    if isinstance(item, Mapping) and (name := _name(item)) != "?":
        return f"{name}: {_error_text(item)}"
    return _error_text(item)


def _error_text(item: object) -> str:
    if isinstance(item, Mapping):
        said = next((t for key in ("error", "message", "reason") if (t := text(item, key))), "")
        return said or json.dumps(item, default=str)
    return str(item)
