"""Read a Databricks notification: raw bytes in, a `RunEvent` or a reason not to act out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from jobmon.errors import InvalidPayload
from jobmon.ids import MAX_ID, id_in
from jobmon.run import JobId, RunEvent, RunEventKind, RunId, WorkspaceId

MAX_NAME = 1024
ACTED_ON = frozenset({RunEventKind.STARTED, RunEventKind.SUCCEEDED, RunEventKind.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToDo:
    """The body is fine, but asks for nothing."""

    reason: str


def run_event_from(raw: bytes, *, received_at: datetime) -> RunEvent | NothingToDo:
    """Read a notification; ids may be numbers or digit strings, unknown keys are ignored.

    Raises InvalidPayload naming the field when a job event cannot be understood.
    """
    if not raw.strip():
        return NothingToDo(reason="empty body")
    body = _json_object(raw)
    kind = body.get("event_type")
    if "run" not in body and kind is None:
        return NothingToDo(reason="not a job event")
    if not isinstance(kind, str):
        raise _invalid("event_type", "expected text such as jobs.on_failure")
    if kind not in ACTED_ON:
        return NothingToDo(reason="event type not acted on")
    run = _mapping(body, "run")
    job = _optional_mapping(body, "job")
    task = _optional_mapping(body, "task")
    return RunEvent(
        kind=RunEventKind(kind),
        workspace_id=WorkspaceId(_id(body.get("workspace_id"), "workspace_id")),
        run_id=RunId(_id(run.get("run_id"), "run.run_id")),
        parent_run_id=(
            RunId(parent) if (parent := _optional_id(run, "run", "parent_run_id")) else None
        ),
        job_id=JobId(job_id) if (job_id := _optional_id(job, "job", "job_id")) else None,
        job_name=_optional_name(job, "job", "name"),
        task_key=_optional_name(task, "task", "task_key"),
        received_at=received_at,
    )


def _json_object(raw: bytes) -> Mapping[str, object]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as exc:
        raise _invalid("body", "not readable as JSON") from exc
    if not isinstance(body, dict):
        raise _invalid("body", "expected a JSON object")
    return body


def _mapping(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise _invalid(name, "expected an object")
    return value


def _optional_mapping(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    return {} if body.get(name) is None else _mapping(body, name)


def _id(value: object, field: str) -> int:
    if isinstance(value, str):
        value = id_in(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_ID:
        raise _invalid(field, "expected a positive whole number, or the same as a digit string")
    return value


def _optional_id(body: Mapping[str, object], where: str, name: str) -> int | None:
    value = body.get(name)
    return None if value is None else _id(value, f"{where}.{name}")


def _optional_name(body: Mapping[str, object], where: str, name: str) -> str | None:
    """A name without the secrets that somebody may have put into it."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _invalid(f"{where}.{name}", "expected text")
    from jobmon.redact_cut import redacted_head  # noqa: PLC0415 (the web process starts light)

    # A lone surrogate, legal in JSON but not in UTF-8, is replaced too.
    return redacted_head(value, MAX_NAME)


def _invalid(field: str, problem: str) -> InvalidPayload:
    return InvalidPayload(f"{field}: {problem}", field=field)
