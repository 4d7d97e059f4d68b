"""Post notifications as Databricks does."""

import http.client
import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from jobmon.demo.workspace.answers import Body
from jobmon.demo.workspace.http import basic

USER_AGENT = "Apache-HttpClient/4.5.13 (Java/17)"
TIMEOUT = 10.0


def job_event(run: Body, *, workspace_id: int, kind: str, ids_as_text: bool) -> Body:
    """What is posted about a job run."""
    return {
        "event_type": kind,
        "workspace_id": _id(workspace_id, as_text=ids_as_text),
        "run": {"run_id": _id(run["run_id"], as_text=ids_as_text)},
        "job": {
            "job_id": _id(run.get("job_id", 0), as_text=ids_as_text),
            "name": run.get("run_name", ""),
        },
    }


def task_event(run: Body, task: Body, *, workspace_id: int, kind: str, ids_as_text: bool) -> Body:
    """What is posted about a task run, which names its job run as the parent."""
    event = job_event(run, workspace_id=workspace_id, kind=kind, ids_as_text=ids_as_text)
    event["task"] = {"task_key": task["task_key"]}
    event["run"] = {
        "run_id": _id(task["run_id"], as_text=ids_as_text),
        "parent_run_id": _id(run["run_id"], as_text=ids_as_text),
    }
    return event


def latest_task(tasks: Sequence[Body], key: str) -> Body:
    """The last attempt of a task."""
    return [task for task in tasks if task["task_key"] == key][-1]


def post(url: str, body: Body, *, user: str = "", password: str = "") -> int:
    """Post an event with Basic authentication; the status of the answer."""
    place = urlsplit(url)
    headers = {
        "User-Agent": USER_AGENT,
        "Connection": "Keep-Alive",
        "Accept-Encoding": "gzip",
        "Content-Type": "application/json",
    }
    if user:
        headers["Authorization"] = basic(user, password)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=TIMEOUT)
    try:
        path = place.path + (f"?{place.query}" if place.query else "")
        connection.request("POST", path, body=json.dumps(body), headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def _id(value: int, *, as_text: bool) -> int | str:
    return str(value) if as_text else value
