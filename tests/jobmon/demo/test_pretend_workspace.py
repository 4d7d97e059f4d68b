import base64
import http.client
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, ResourceDoesNotExist
from databricks.sdk.errors.base import DatabricksError

from jobmon.demo.scenarios import SCENARIOS, training
from jobmon.demo.workspace import PretendWorkspace
from tests.jobmon.databricks.support import RUN_ID, STARTED_AT


@pytest.fixture
def pretend() -> Iterator[PretendWorkspace]:
    with PretendWorkspace(enforce_limits=True) as running:
        yield running


@pytest.fixture
def client(pretend: PretendWorkspace) -> WorkspaceClient:
    return WorkspaceClient(host=pretend.url, token=pretend.token, auth_type="pat")


class Receiver(BaseHTTPRequestHandler):
    received: list[tuple[dict[str, str], dict[str, Any]]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.received.append((dict(self.headers.items()), body))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[tuple[str, type[Receiver]]]:
    kind = type("OneReceiver", (Receiver,), {"received": []})
    server = HTTPServer(("127.0.0.1", 0), kind)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/webhooks/databricks", kind
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_sdk_reads_a_run_with_its_own_types(
    pretend: PretendWorkspace, client: WorkspaceClient
) -> None:
    pretend.add(training.failed(RUN_ID, STARTED_AT))

    run = client.jobs.get_run(RUN_ID, include_history=True)

    assert run.run_name == "train_models"
    assert len(run.tasks or []) == 25
    assert client.get_workspace_id() == pretend.workspace_id


def test_the_output_of_a_run_with_several_tasks_is_refused(
    pretend: PretendWorkspace, client: WorkspaceClient
) -> None:
    pretend.add(training.failed(RUN_ID, STARTED_AT))

    with pytest.raises(InvalidParameterValue, match="runs with multiple tasks is not supported"):
        client.jobs.get_run_output(RUN_ID)


def test_an_unknown_run_is_an_unknown_resource_to_the_sdk(client: WorkspaceClient) -> None:
    with pytest.raises(ResourceDoesNotExist):
        client.jobs.get_run_output(1)


def test_more_than_twenty_outputs_a_second_are_throttled(pretend: PretendWorkspace) -> None:
    built = pretend.add(training.failed(RUN_ID, STARTED_AT))
    place = f"/api/2.2/jobs/runs/get-output?run_id={built.run['tasks'][1]['run_id']}"
    host, port = pretend.url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    statuses = []
    for _ in range(60):
        connection.request("GET", place, headers={"Authorization": f"Bearer {pretend.token}"})
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()

    assert statuses[:20] == [200] * 20
    assert 429 in statuses


def test_an_unknown_parameter_is_refused(
    pretend: PretendWorkspace, client: WorkspaceClient
) -> None:
    with pytest.raises(InvalidParameterValue, match="Unknown parameter wrong"):
        client.api_client.do("GET", "/api/2.2/jobs/runs/get", query={"wrong": 1})


def test_a_wrong_token_is_refused(pretend: PretendWorkspace) -> None:
    client = WorkspaceClient(host=pretend.url, token="wrong", auth_type="pat")

    with pytest.raises(DatabricksError, match="Invalid access token"):
        client.jobs.get_run(RUN_ID)


def test_a_job_event_is_posted_as_databricks_posts_it(
    pretend: PretendWorkspace, receiver: tuple[str, type[Receiver]]
) -> None:
    url, kind = receiver
    built = pretend.add(training.failed(RUN_ID, STARTED_AT))

    status = pretend.post_webhook(url, user="hook", password="pass", run=built)

    ((headers, body),) = kind.received
    assert status == 202
    assert headers["Authorization"] == f"Basic {base64.b64encode(b'hook:pass').decode()}"
    assert headers["User-Agent"].startswith("Apache-HttpClient/")
    assert body == {
        "event_type": "jobs.on_failure",
        "workspace_id": pretend.workspace_id,
        "run": {"run_id": RUN_ID},
        "job": {"job_id": training.JOB_ID, "name": "train_models"},
    }


def test_a_task_event_names_the_task_run_and_its_parent(
    pretend: PretendWorkspace, receiver: tuple[str, type[Receiver]]
) -> None:
    url, kind = receiver
    built = pretend.add(training.failed(RUN_ID, STARTED_AT))

    pretend.post_webhook(url, run=built, task_key="train_churn_at", ids_as_text=True)

    ((_, body),) = kind.received
    task_run_id = built.run["tasks"][1]["run_id"]
    assert body["run"] == {"run_id": str(task_run_id), "parent_run_id": str(RUN_ID)}
    assert body["task"] == {"task_key": "train_churn_at"}


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_every_scenario_can_be_read_by_the_sdk(
    pretend: PretendWorkspace, client: WorkspaceClient, name: str
) -> None:
    built = pretend.add(SCENARIOS[name](RUN_ID, STARTED_AT))

    run = client.jobs.get_run(built.run_id)

    assert run.tasks
    assert all(task.end_time and task.start_time for task in run.tasks)


def test_adding_a_run_leaves_the_scenario_as_it_was(pretend: PretendWorkspace) -> None:
    built = pretend.add(training.failed(RUN_ID, STARTED_AT))

    pretend.content.runs[RUN_ID]["run_name"] = "changed"

    assert built.run["run_name"] == "train_models"
