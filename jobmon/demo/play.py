"""The demo: a real jobmon between a pretend workspace, Slack and mailbox, and failures to watch."""

import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from time import monotonic
from typing import Self
from urllib.request import urlopen

from jobmon.demo.mailbox import Mailbox
from jobmon.demo.page import DemoPage
from jobmon.demo.scenarios import data, ml, nesting, platform, training
from jobmon.demo.slack import Message, PretendSlack
from jobmon.demo.workspace import PretendRun, PretendWorkspace
from jobmon.embedded import EmbeddedServer
from jobmon.errors import TransientError
from jobmon.supervisor import Supervisor

CHANNEL = "C0123456789"
USER, PASSWORD = "databricks", "demo-password"
DATABRICKS_LATENCY = timedelta(milliseconds=100)
SLACK_LATENCY = timedelta(milliseconds=200)
START_SECONDS = 30.0
MESSAGE_SECONDS = 30.0

OURS = ("JOBMON_", "DATABRICKS_", "SLACK_", "SMTP_", "REDIS_")
"""Variables that are left out: the demo keeps away from whatever is configured for real."""

PERMISSIONS = """
[[permissions]]
actions = ["rerun", "run", "cancel", "ack", "mute", "unmute"]
channels = ["C0123456789"]
"""


Supervise = Callable[[dict[str, str], Path], Supervisor]
"""Makes the supervisor of jobmon's processes, given their environment and log file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One run that ends, and the events that Databricks posts for it."""

    title: str
    make: Callable[[int, datetime], PretendRun]
    kind: str = "jobs.on_failure"
    announced_tasks: int = 0
    """How many of the failed tasks have notifications of their own, besides the job's."""


SCENES = (
    Scene(title="a training pipeline of 25 tasks", make=training.failed, announced_tasks=3),
    Scene(title="a table that is not there", make=data.table_not_found),
    Scene(title="a driver killed for its memory", make=platform.driver_out_of_memory),
    Scene(title="a spot instance taken back", make=platform.spot_instance_lost),
    Scene(title="120 iterations, some of which fail", make=nesting.for_each_failed),
    Scene(title="a secret that is missing", make=ml.missing_secret),
    Scene(
        title="a success with failed parts",
        make=ml.succeeded_with_failed_parts,
        kind="jobs.on_success",
    ),
)
RECOVERY = Scene(
    title="the training pipeline, well again", make=training.succeeded, kind="jobs.on_success"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What became of a scene, and how long each part of the way took."""

    scene: Scene
    message: Message
    accepted: timedelta
    reads: int
    total: timedelta


class Demo:
    """Everything that runs; a context manager that leaves nothing behind."""

    def __init__(self, *, port: int, supervise: Supervise, redis_program: str = "") -> None:
        self.port = port
        self._supervise = supervise
        self._redis_program = redis_program
        self._next_run = 412_000
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        with self._ends as ends:
            self._start(ends)
            self._ends = ends.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def _start(self, ends: ExitStack) -> None:
        enter = ends.enter_context
        self.workspace = enter(
            PretendWorkspace(latency=DATABRICKS_LATENCY.total_seconds(), enforce_limits=True)
        )
        self.slack = enter(PretendSlack(latency=SLACK_LATENCY))
        self.mailbox = enter(Mailbox())
        self.page = enter(
            DemoPage(self.slack, self.mailbox, app_url=f"http://127.0.0.1:{self.port}")
        )
        folder = Path(enter(tempfile.TemporaryDirectory(prefix="jobmon-demo-")))
        redis = EmbeddedServer(folder / "data", program=self._redis_program)
        ends.callback(redis.stop)
        redis.start()
        self._log = folder / "jobmon.log"
        supervisor = self._supervise(self._environment(folder, redis.url), self._log)
        ends.callback(supervisor.end)
        supervisor.start()
        self._wait_until_ready()

    def play(self, scene: Scene) -> Played:
        """Let a run end, post its events, and wait for the message."""
        self._next_run += 1
        now = datetime.now(UTC)
        run = self.workspace.add(scene.make(self._next_run, now - timedelta(minutes=9)))
        url = f"http://127.0.0.1:{self.port}/webhooks/databricks"
        reads_before = len(self.workspace.calls)
        seen = {(message.ts, message.text) for message in self.slack.messages(CHANNEL)}
        began = monotonic()
        for task_key in run.failed_keys[: scene.announced_tasks]:
            self.workspace.post_webhook(
                url, run=run, user=USER, password=PASSWORD, task_key=task_key
            )
        job_began = monotonic()
        self.workspace.post_webhook(url, run=run, user=USER, password=PASSWORD, kind=scene.kind)
        accepted = monotonic() - job_began
        message = self._message_not_in(seen)
        return Played(
            scene=scene,
            message=message,
            accepted=timedelta(seconds=accepted),
            reads=len(self.workspace.calls) - reads_before,
            total=timedelta(seconds=monotonic() - began),
        )

    def settle(self) -> None:
        """Wait until everything is delivered: threads and mails too."""
        for _ in _looks(MESSAGE_SECONDS):
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                if json.load(answer)["queue_depth"] == 0:
                    return

    def _message_not_in(self, seen: set[tuple[str, str]]) -> Message:
        for _ in _looks(MESSAGE_SECONDS):
            for message in self.slack.messages(CHANNEL):
                if (message.ts, message.text) not in seen:
                    return message
        raise self._stuck("no message came")

    def _wait_until_ready(self) -> None:
        for _ in _looks(START_SECONDS):
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                    if answer.status == 200:  # noqa: PLR2004 (HTTP)
                        return
            except (OSError, HTTPException):
                continue
        raise self._stuck("jobmon was not ready")

    def _stuck(self, what: str) -> TransientError:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return TransientError("\n".join((f"{what} within half a minute; its log:", *lines[-20:])))

    def _environment(self, folder: Path, redis_url: str) -> dict[str, str]:
        config = folder / "jobmon.toml"
        config.write_text(PERMISSIONS, encoding="utf-8")
        others = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return {
            **others,
            "REDIS_URL": redis_url,
            "PORT": str(self.port),
            "JOBMON_DATA_DIR": str(folder / "data"),
            "JOBMON_CONFIG": str(config),
            "DATABRICKS_HOST": self.workspace.url,
            "DATABRICKS_TOKEN": self.workspace.token,
            "JOBMON_WEBHOOK_USERNAME": USER,
            "JOBMON_WEBHOOK_PASSWORD": PASSWORD,
            "SLACK_BOT_TOKEN": self.slack.token,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "SLACK_API_URL": self.slack.url,
            "JOBMON_SLACK_CHANNEL": CHANNEL,
            "SMTP_URL": f"smtp://127.0.0.1:{self.mailbox.port}",
            "JOBMON_EMAIL_FROM": "jobmon@example.com",
            "JOBMON_EMAIL_TO": "data-team@example.com",
        }


def _looks(seconds: float) -> Iterator[None]:
    pause = threading.Event()
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        yield
        pause.wait(0.01)
