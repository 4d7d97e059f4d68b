"""What Databricks may post, and what it means."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmon.errors import InvalidPayload
from jobmon.run import RunEvent, RunEventKind
from tests.support.runs import NOON
from webhook.body import NothingToDo, run_event_from

JOB_LEVEL = {
    "event_type": "jobs.on_failure",
    "workspace_id": 42,
    "run": {"run_id": 123},
    "job": {"job_id": 7, "name": "nightly"},
}
TASK_LEVEL = {
    **JOB_LEVEL,
    "task": {"task_key": "load"},
    "run": {"run_id": 456, "parent_run_id": 123},
}


def read(body: object) -> RunEvent | NothingToDo:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return run_event_from(raw, received_at=NOON)


def event(body: object) -> RunEvent:
    result = read(body)
    assert isinstance(result, RunEvent)
    return result


def test_a_job_level_event_names_its_run() -> None:
    result = event(JOB_LEVEL)

    assert (result.kind, result.workspace_id, result.job_run_id) == (RunEventKind.FAILED, 42, 123)
    assert (result.job_id, result.job_name, result.task_key) == (7, "nightly", None)


def test_a_task_level_event_leads_to_the_job_run() -> None:
    result = event(TASK_LEVEL)

    assert (result.job_run_id, result.run_id, result.task_key) == (123, 456, "load")


def test_ids_may_be_digit_strings() -> None:
    as_text = {
        "event_type": "jobs.on_failure",
        "workspace_id": "42",
        "run": {"run_id": "123"},
        "job": {"job_id": "7", "name": "nightly"},
    }

    assert event(as_text) == event(JOB_LEVEL)


@pytest.mark.parametrize("name", ["job", "task"])
def test_null_is_the_same_as_left_out(name: str) -> None:
    left_out = {key: value for key, value in JOB_LEVEL.items() if key != name}

    assert event({**JOB_LEVEL, name: None}) == event(left_out)


def test_unknown_keys_are_ignored() -> None:
    assert event({**JOB_LEVEL, "version": 2}) == event(JOB_LEVEL)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  \n",
        {},
        {"message": "test"},
        {"alert": {"id": "a"}},
        {**JOB_LEVEL, "event_type": "jobs.on_something_new"},
        {**JOB_LEVEL, "event_type": "jobs.on_duration_warning_threshold_exceeded"},
    ],
    ids=["empty", "blank", "no-keys", "test", "sql-alert", "unknown-event", "duration"],
)
def test_other_bodies_are_fine_and_ask_for_nothing(body: object) -> None:
    assert isinstance(read(body), NothingToDo)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", "body"),
        (b"\xff\xfe", "body"),
        (b"[" * 100_000, "body"),
        ([], "body"),
        ("text", "body"),
        ({"run": {"run_id": 1}}, "event_type"),
        ({**JOB_LEVEL, "event_type": 3}, "event_type"),
        ({**JOB_LEVEL, "run": None}, "run"),
        ({**JOB_LEVEL, "run": {}}, "run.run_id"),
        ({**JOB_LEVEL, "run": {"run_id": "12a"}}, "run.run_id"),
        ({**JOB_LEVEL, "run": {"run_id": 1.5}}, "run.run_id"),
        ({**JOB_LEVEL, "run": {"run_id": True}}, "run.run_id"),
        ({**JOB_LEVEL, "run": {"run_id": -1}}, "run.run_id"),
        ({**JOB_LEVEL, "run": {"run_id": 2**63}}, "run.run_id"),
        ({**JOB_LEVEL, "run": {"run_id": "٣"}}, "run.run_id"),
        ({**JOB_LEVEL, "run": {"run_id": 1, "parent_run_id": "x"}}, "run.parent_run_id"),
        ({**JOB_LEVEL, "workspace_id": None}, "workspace_id"),
        ({**JOB_LEVEL, "job": []}, "job"),
        ({**JOB_LEVEL, "job": {"job_id": []}}, "job.job_id"),
        ({**JOB_LEVEL, "job": {"job_id": 1, "name": 5}}, "job.name"),
        ({**JOB_LEVEL, "task": "load"}, "task"),
    ],
    ids=str,
)
def test_what_cannot_be_understood_is_refused_by_the_name_of_the_field(
    body: object, field: str
) -> None:
    with pytest.raises(InvalidPayload) as caught:
        read(body)

    assert caught.value.field == field
    assert field in str(caught.value)


def test_a_name_with_half_a_character_can_be_stored() -> None:
    assert event({**JOB_LEVEL, "job": {"name": "\ud800"}}).job_name == "?"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.binary() | JSON.map(json.dumps).map(str.encode))
def test_no_body_is_answered_with_a_crash(raw: bytes) -> None:
    try:
        result = run_event_from(raw, received_at=NOON)
    except InvalidPayload as exc:
        assert exc.field
    else:
        assert isinstance(result, RunEvent | NothingToDo)


@given(st.sampled_from(["event_type", "workspace_id", "run", "job", "task"]), JSON)
def test_any_value_in_any_field_is_understood_or_refused(name: str, value: object) -> None:
    try:
        read({**TASK_LEVEL, name: value})
    except InvalidPayload as exc:
        assert exc.field
