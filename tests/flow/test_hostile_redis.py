"""Whoever can write to Redis, or post an event, leads us nowhere and runs nothing."""

import json
import os
import pickle
import re
from pathlib import Path

import pytest
from rq.job import Job

from jobmon.errors import NotAllowed
from jobmon.settings import SlackSettings
from notifiers.slack.people import SlackReplies
from tests.flow.conftest import CHANNEL, World
from tests.flow.tricks import RUN_ID, tricky_run

SSRF = (
    "http://hooks.slack.com/commands/1",
    "https://hooks.slack.com.evil.example/1",
    "https://hooks.slack.com@evil.example/1",
    "https://evil.example/https://hooks.slack.com/1",
    "https://evil.example#hooks.slack.com",
    "https://evil.example\\@hooks.slack.com/1",
    "https://hooks.slack.com:8443/1",
    "https://HOOKS.slack.com.:443/1",
    "https://127.0.0.1/1",
    "https://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    "gopher://hooks.slack.com/1",
    "//hooks.slack.com/1",
    "https://[::1",
    "",
)


@pytest.mark.parametrize("url", SSRF)
def test_answers_go_to_slacks_own_hosts_only(url: str) -> None:
    with pytest.raises(NotAllowed):
        SlackReplies(SlackSettings()).reply(url, "hello")


def test_an_event_of_another_workspace_makes_no_call_anywhere_else(world: World) -> None:
    body = {
        "event_type": "jobs.on_failure",
        "workspace_id": 666,
        "host": "https://evil.example",
        "run": {"run_id": 1, "run_page_url": "https://evil.example/run"},
    }
    assert world.post(body).status_code == 202
    world.work()

    assert not [call for call in world.workspace.calls if "/jobs/" in call.path]
    assert "evil.example" not in repr(world.slack.calls)


class _Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (os.mkdir, (str(self.path),))


def forged(world: World, **fields: object) -> None:
    """A job that somebody with access to Redis has written."""
    job_id = f"forged-{len(fields)}"
    base = {
        "created_at": "2026-01-01T00:00:00.000000Z",
        "enqueued_at": "2026-01-01T00:00:00.000000Z",
        "origin": "jobmon-soon",
        "status": "queued",
        "timeout": "10",
    }
    world.client.hset(f"rq:job:{job_id}", mapping={**base, **fields})  # type: ignore[dict-item]
    world.client.lpush("rq:queue:jobmon-soon", job_id)


def test_a_pickled_job_is_refused(world: World, tmp_path: Path) -> None:
    path = tmp_path / "opened"
    pickle.loads(pickle.dumps(_Bomb(path)))  # noqa: S301 (it does work where pickles are read)
    path.rmdir()
    forged(world, data=pickle.dumps(_Bomb(path)))
    world.work()

    assert not path.exists()


@pytest.mark.parametrize(
    "call",
    [
        ["os.system", None, ["touch {path}"], {}],
        ["workers.diagnose.os.system", None, ["touch {path}"], {}],
        ["run", "subprocess", [["touch", "{path}"]], {}],
        ["builtins.eval", None, ["open('{path}', 'w')"], {}],
        ["jobmon.queue.functions.JOB_FUNCTIONS", None, [], {}],
    ],
    ids=lambda call: str(call[0]),
)
def test_a_job_may_call_our_job_functions_only(
    world: World, tmp_path: Path, call: list[object]
) -> None:
    path = tmp_path / "opened"
    forged(world, data=json.dumps(call).replace("{path}", str(path)).encode())
    world.workspace.add(tricky_run())
    world.fails(RUN_ID)
    world.work()

    assert not path.exists()
    assert len(world.slack.messages(CHANNEL)) == 1


def test_nothing_of_ours_reads_pickles() -> None:
    root = Path(__file__).parents[2]
    ours = [path for room in ("jobmon", "webhook", "workers", "notifiers", "rules")
            for path in (root / room).rglob("*.py")]  # fmt: skip
    readers = re.compile(r"\b(pickle|marshal|shelve|yaml\.load|eval|exec)\b\s*[.(]|import pickle")

    assert not [path for path in ours if readers.search(path.read_text(encoding="utf-8"))]
    assert Job.__module__ == "rq.job"
