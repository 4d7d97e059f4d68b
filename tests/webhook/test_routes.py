"""The routes of the web process, as a Databricks destination and an operator see them."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from jobmon.ports.queue import WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.settings import Settings, WorkspaceSettings
from jobmon.store.client import Client
from tests.support.web import web_client
from tests.webhook.test_auth import basic
from webhook.spool import Spool
from webhook.state import state_of

GOOD = basic("databricks:secret")
EVENT = {
    "event_type": "jobs.on_failure",
    "workspace_id": 42,
    "run": {"run_id": 123},
    "job": {"job_id": 7, "name": "nightly"},
}


def post(
    web: FlaskClient,
    body: object = EVENT,
    *,
    path: str = "/webhooks/databricks",
    header: str | None = GOOD,
    content_type: str | None = "application/json",
) -> TestResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": header} if header else {}
    return web.post(path, data=raw, headers=headers, content_type=content_type)


def test_an_event_is_taken_and_waits_in_its_runs_mailbox(web: FlaskClient, client: Client) -> None:
    answer = post(web)

    assert answer.status_code == 202
    lease = RqJobQueue(client).take(WorkKind.DIAGNOSE, "42-123")
    assert lease is not None
    assert len(lease.messages) == 1


def test_a_slash_at_the_end_of_the_address_loses_no_event(web: FlaskClient) -> None:
    assert post(web, path="/webhooks/databricks/").status_code == 202


def test_the_same_event_again_is_taken_and_changes_nothing(
    web: FlaskClient, client: Client
) -> None:
    assert [post(web).status_code for _ in range(3)] == [202, 202, 202]

    lease = RqJobQueue(client).take(WorkKind.DIAGNOSE, "42-123")
    assert lease is not None
    assert len(lease.messages) == 1


def test_both_kinds_of_event_of_a_run_wait_in_one_mailbox(web: FlaskClient, client: Client) -> None:
    task = {**EVENT, "task": {"task_key": "load"}, "run": {"run_id": 9, "parent_run_id": 123}}
    post(web, task)
    post(web)

    lease = RqJobQueue(client).take(WorkKind.DIAGNOSE, "42-123")
    assert lease is not None
    assert len(lease.messages) == 2


@pytest.mark.parametrize("header", [None, basic("databricks:wrong"), "Bearer x"], ids=str)
def test_who_is_not_authenticated_is_challenged(web: FlaskClient, header: str | None) -> None:
    answer = post(web, header=header)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_authentication_comes_before_everything_else(web: FlaskClient) -> None:
    assert post(web, b"{", header=None).status_code == 401
    assert post(web, b"x" * 2_000_000, header=None).status_code == 401


@pytest.mark.parametrize("body", [b"", {}, {"text": "test"}, {**EVENT, "event_type": "new"}])
def test_a_body_that_asks_for_nothing_is_fine(web: FlaskClient, body: object) -> None:
    answer = post(web, body)

    assert answer.status_code == 200
    assert answer.get_json()["status"] == "ignored"


def test_what_cannot_be_read_is_answered_with_the_field(web: FlaskClient) -> None:
    answer = post(web, {**EVENT, "run": {"run_id": "x"}})

    assert answer.status_code == 400
    assert answer.get_json()["field"] == "run.run_id"


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_the_content_type_does_not_matter(web: FlaskClient, content_type: str | None) -> None:
    assert post(web, content_type=content_type).status_code == 202


def test_a_large_body_is_refused(web: FlaskClient) -> None:
    assert post(web, b" " * (1024 * 1024 + 1)).status_code == 413


OF_PROD = WorkspaceSettings(name="prod", workspace_id=42, in_file=True)
OF_DEV = WorkspaceSettings(name="dev", workspace_id=43, in_file=True)
WITHOUT_ID = WorkspaceSettings(name="prod", in_file=True)


@pytest.mark.parametrize(
    ("workspaces", "name", "warned"),
    [
        pytest.param((WorkspaceSettings(),), "prod", False, id="no workspaces in the settings"),
        pytest.param((OF_PROD, OF_DEV), "", False, id="no name"),
        pytest.param((OF_PROD, OF_DEV), "prod", False, id="its own name"),
        pytest.param((WITHOUT_ID,), "prod", False, id="the only one's name, without an id"),
        pytest.param((OF_PROD, OF_DEV), "dev", True, id="another one's name"),
        pytest.param((OF_PROD, OF_DEV), "prd", True, id="a name that is none of theirs"),
    ],
)
def test_an_event_is_taken_whichever_workspace_the_address_names(
    settings: Settings,
    client: Client,
    workspaces: tuple[WorkspaceSettings, ...],
    name: str,
    *,
    warned: bool,
) -> None:
    with web_client(replace(settings, workspaces=workspaces)) as web, capture_logs() as said:
        answer = post(web, path=f"/webhooks/databricks/{name}".rstrip("/"))

    assert answer.status_code == 202
    assert RqJobQueue(client).take(WorkKind.DIAGNOSE, "42-123")
    assert ("webhook.misaddressed" in [entry["event"] for entry in said]) is warned


def test_without_redis_events_go_to_the_spool(
    web_without_redis: FlaskClient, tmp_path: Path
) -> None:
    assert post(web_without_redis).status_code == 202

    lines = (tmp_path / "data" / "spool.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    assert web_without_redis.get("/readyz").get_json()["spool_depth"] == 1


def test_the_process_lives_whatever_else_does_not(web_without_redis: FlaskClient) -> None:
    assert web_without_redis.get("/healthz").status_code == 200


def test_readiness_says_what_is_missing(web: FlaskClient, web_without_redis: FlaskClient) -> None:
    for app in (web, web_without_redis):
        answer = app.get("/readyz")
        assert answer.status_code == 503
        assert answer.get_json()["problems"]


def test_events_that_wait_on_disk_although_redis_answers_are_a_problem(
    web: FlaskClient, settings: Settings
) -> None:
    drainer = state_of(web.application).drainer
    drainer.stop()
    Spool(settings.data_dir, limit=10).append(b"{}")
    waits = "1 events wait in the local spool although Redis answers"

    before = web.get("/readyz").get_json()
    drainer.look()
    after = web.get("/readyz").get_json()

    assert [text for text in before["problems"] if text.startswith(waits)]
    assert not [text for text in after["problems"] if text.startswith(waits)]
    assert (after["spool_depth"], after["spool_unreadable"]) == (0, 1)


def test_metrics_count_events_and_are_there_without_redis(
    web: FlaskClient, web_without_redis: FlaskClient
) -> None:
    post(web)

    assert 'jobmon_events_total{outcome="accepted"} 1.0' in web.get("/metrics").text
    assert "jobmon_redis_up 0.0" in web_without_redis.get("/metrics").text


def test_unknown_addresses_are_answered_in_json(web: FlaskClient) -> None:
    answer = web.get("/nothing")

    assert answer.status_code == 404
    assert answer.get_json() == {"error": "Not Found"}


HEAVY = ("databricks", "slack_sdk", "rules", "notifiers", "workers", "re2")


def test_the_web_process_imports_nothing_heavy() -> None:
    program = "import sys, webhook.app; print(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()

    assert not [name for name in found if name.startswith(HEAVY)]


def test_metrics_say_their_format_once(web: FlaskClient) -> None:
    content_type = web.get("/metrics").headers["Content-Type"]

    assert content_type == "text/plain; version=0.0.4; charset=utf-8"


def test_another_method_is_refused_with_those_that_are_allowed(web: FlaskClient) -> None:
    answer = web.get("/webhooks/databricks")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.headers.getlist("Content-Type") == ["application/json"]
    assert answer.get_json() == {"error": "Method Not Allowed"}
