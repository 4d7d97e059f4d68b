"""Turn the output of one task run into a failure."""

from collections.abc import Iterator

from jobmon.databricks.bounds import MAX_ERROR, MAX_LOGS, MAX_MESSAGE, MAX_TRACE, clean
from jobmon.databricks.fields import Json, mapping, mappings, text
from jobmon.diagnosis import TaskFailure
from jobmon.errors import JobmonError, TransientError
from jobmon.run import TaskRun

DBT_NOTE = "dbt artifacts (run_results.json, dbt.log) can be downloaded from the task's page"
MAX_SQL_ERRORS = 20
MAX_DEPTH = 6


def failure_from(task: TaskRun, output: Json) -> TaskFailure:
    """What the task's own output says."""
    error = text(output, "error")
    if sql := mapping(output, "sql_output"):
        error = "\n".join(filter(None, (error, *_new(sql_errors(sql), error))))
    return TaskFailure(
        task_key=task.task_key,
        run_id=task.run_id,
        task_type=task.kind,
        termination=task.termination,
        error=clean(error, MAX_ERROR),
        trace=clean(text(output, "error_trace"), MAX_TRACE),
        message=_message(task),
        logs=clean(text(output, "logs"), MAX_LOGS),
        source=task.source,
        note=_note(output),
    )


def unreadable(task: TaskRun, note: str, *, unread: bool = False) -> TaskFailure:
    """What is known of a task whose output could not be read, for good or for now (`unread`)."""
    return TaskFailure(
        task_key=task.task_key,
        run_id=task.run_id,
        task_type=task.kind,
        termination=task.termination,
        message=_message(task),
        source=task.source,
        note=clean(note, MAX_MESSAGE),
        unread=unread,
    )


def may_pass(exc: JobmonError) -> bool:
    """Whether what could not be read now may be read later."""
    return isinstance(exc, TransientError)


def sql_errors(sql_output: Json) -> tuple[str, ...]:
    """The error texts of a SQL task: of its query, its statements, widgets or alert."""
    found = dict.fromkeys(error for error in _sql_errors(sql_output, MAX_DEPTH) if error)
    return tuple(found)[:MAX_SQL_ERRORS]


def joined_notes(*notes: str) -> str:
    """Several notes as one."""
    return "; ".join(dict.fromkeys(filter(None, notes)))


def _sql_errors(body: Json, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    yield text(body, "error")
    yield text(mapping(body, "error"), "message")
    for key in body:
        if key != "error":
            yield from _sql_errors(mapping(body, key), depth - 1)
        for item in mappings(body, key):
            yield from _sql_errors(item, depth - 1)


def _new(errors: tuple[str, ...], known: str) -> tuple[str, ...]:
    return tuple(error for error in errors if error not in known)


def _message(task: TaskRun) -> str:
    return task.termination.message if task.termination else ""


def _note(output: Json) -> str:
    truncated = "the log is longer: only its end was read" if output.get("logs_truncated") else ""
    dbt = DBT_NOTE if text(mapping(output, "dbt_output"), "artifacts_link") else ""
    return joined_notes(truncated, dbt)
