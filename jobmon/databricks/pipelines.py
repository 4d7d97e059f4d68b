"""What a pipeline's update says about its failure; the Jobs API does not know."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from jobmon.databricks.api import Api
from jobmon.databricks.bounds import MAX_ERROR, MAX_TRACE, clean
from jobmon.databricks.fields import Json, mapping, mappings, text
from jobmon.databricks.plain import unreadable
from jobmon.diagnosis import TaskFailure
from jobmon.run import TaskRun

EVENTS_READ = 50
EVENTS_TOLD = 10
FRAMES_TOLD = 40
LATE = timedelta(minutes=1)
"""How long after its task's end an event may be written."""


class Pipelines:
    """Reads the error events of the update that a pipeline task started."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def failures(self, task: TaskRun) -> tuple[TaskFailure, ...]:
        """One failure with the texts of the update's error events, oldest first."""
        events = tuple(self._errors(task))
        if not events:
            return (unreadable(task, "the pipeline's event log holds no error of this update"),)
        update = text(mapping(events[0], "origin"), "update_id")
        of_update = [e for e in events if text(mapping(e, "origin"), "update_id") == update]
        told = list(reversed(of_update[:EVENTS_TOLD]))
        return (
            TaskFailure(
                task_key=task.task_key,
                run_id=task.run_id,
                task_type=task.kind,
                termination=task.termination,
                error=clean("\n".join(_headlines(told)), MAX_ERROR),
                trace=clean("\n".join(_traces(told)), MAX_TRACE),
                message=task.termination.message if task.termination else "",
                origin=f"pipeline update {update}" if update else "pipeline",
                source=task.source,
            ),
        )

    def _errors(self, task: TaskRun) -> Iterator[Json]:
        path = f"/api/2.0/pipelines/{task.source}/events"
        query = {
            "filter": " AND ".join(_errors_of(task)),
            "order_by": ["timestamp desc"],
            "max_results": EVENTS_READ,
        }
        what = f"the events of pipeline {task.source}"
        page = self._api.get(path, query, what=what)
        yield from islice(mappings(page, "events"), EVENTS_READ)


def _errors_of(task: TaskRun) -> Iterator[str]:
    """The conditions for errors that came while the task ran, or a little after it.

    A pipeline has one log for all of its updates, and no filter for one of them.
    """
    yield "level='ERROR'"
    if task.started_at is not None:
        yield f"timestamp >= '{_written(task.started_at)}'"
    if task.ended_at is not None:
        yield f"timestamp <= '{_written(task.ended_at + LATE)}'"


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _headlines(events: list[Json]) -> Iterator[str]:
    seen: dict[str, None] = {}
    for event in events:
        exceptions = mappings(mapping(event, "error"), "exceptions")
        lines = [_named(exception) for exception in exceptions]
        for line in lines or [text(event, "message")]:
            if line:
                seen.setdefault(line)
    yield from seen


def _named(exception: Json) -> str:
    name, message = text(exception, "class_name"), text(exception, "message")
    return f"{name}: {message}" if name and not message.startswith(name) else message


def _traces(events: list[Json]) -> Iterator[str]:
    for event in events:
        for number, exception in enumerate(mappings(mapping(event, "error"), "exceptions")):
            yield f"{'Caused by: ' if number else ''}{_named(exception)}"
            yield from map(_frame, mappings(exception, "stack")[:FRAMES_TOLD])


def _frame(frame: Json) -> str:
    method = ".".join(filter(None, (text(frame, "declaring_class"), text(frame, "method_name"))))
    place = ":".join(filter(None, (text(frame, "file_name"), text(frame, "line_number"))))
    return f"\tat {method}({place})"
