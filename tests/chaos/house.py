"""A whole jobmon of real processes that can be hurt, between pretend neighbours."""

import os
import signal
import socket
import tempfile
import threading
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from jobmon.cli.up import programs
from jobmon.demo.mailbox import Mailbox
from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.demo.slack import PretendSlack
from jobmon.demo.workspace import PretendRun, PretendWorkspace
from jobmon.embedded import EmbeddedServer
from jobmon.listening import reserve_port
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.settings_reader import read_settings
from jobmon.store.client import Client, Profile, connect
from jobmon.supervisor import Supervisor
from tests.support.waiting import wait_until

CHANNELS = tuple(f"C000000000{number}" for number in range(8))
CAUSE = "ValueError"
USER, PASSWORD = "databricks", "chaos-password"
OURS = ("JOBMON_", "DATABRICKS_", "SLACK_", "SMTP_", "REDIS_", "PORT")

ROUTE = """
[[routes]]
jobs = ["chaos-{number}-*"]
to = ["slack:{channel}", "email:data@example.com"]
"""
POLICY = """
[policy]
platform_incident_jobs = 1000
"""


class House:
    """Web, workers, scheduler and Redis as processes; a context manager that leaves nothing."""

    def __init__(self, *, workers: int = 2) -> None:
        self._workers = workers
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._ends.close()
            raise
        return self

    def _start(self) -> None:
        enter = self._ends.enter_context
        self.workspace = enter(PretendWorkspace())
        self.slack = enter(PretendSlack())
        for channel in CHANNELS:
            self.slack.add_channel(channel, f"alerts-{channel[-1]}")
        self.mailbox = enter(Mailbox())
        self.folder = Path(enter(tempfile.TemporaryDirectory(prefix="jobmon-chaos-")))
        self.redis = EmbeddedServer(self.folder / "redis")
        self.redis.start()
        self._ends.callback(self.redis.stop)
        self.port = reserve_port()
        self.log = self.folder / "jobmon.log"
        environ = self._environment()
        self.supervisor = Supervisor(
            programs(read_settings(environ), host="127.0.0.1"),
            environ=environ,
            output=self._log_pipe(),
        )
        thread = threading.Thread(target=self.supervisor.run, name="supervisor")
        thread.start()
        self._ends.callback(thread.join)
        self._ends.callback(self.supervisor.stop)
        self.client: Client = connect(self.redis.url, Profile.WORKER)
        self._ends.callback(self.client.close)
        self.queue = RqJobQueue(self.client)
        wait_until(self._is_up, within=60)

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def pids(self, name: str) -> list[int]:
        """The running processes of one program."""
        return self.supervisor.pids().get(name, [])

    def web_children(self) -> list[int]:
        """The web server's own workers."""
        found: list[int] = []
        for pid in self.pids("web"):
            with suppress(OSError):
                text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
                found += [int(child) for child in text.split()]
        return found

    def kill(self, pids: list[int], number: signal.Signals = signal.SIGKILL) -> bool:
        """Signal processes of this house; whether there was one."""
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        return bool(pids)

    def kill_redis(self) -> None:
        """Kill the server; nobody starts it again by himself."""
        if self.redis.pid is not None:
            self.kill([self.redis.pid])

    def restart_redis(self, *, away: float, stop: threading.Event) -> None:
        """Kill the server, leave it away for a while, and start it on the same data."""
        self.kill_redis()
        stop.wait(away)
        self.redis.stop()
        self.redis.start()

    def new_run(self, number: int, *, failed: int) -> PretendRun:
        """A job of its own whose run just failed."""
        builder = RunBuilder(
            run_id=500_000_000 + number * 1000,
            job_id=900_000 + number,
            name=f"chaos-{number % len(CHANNELS)}-{number:05d}",
            started_at=datetime.now(UTC) - timedelta(minutes=9),
        )
        for index in range(failed):
            error = f"{CAUSE}: batch {number} of part {index} has no rows"
            output = failed_output(error, f"Traceback (most recent call last):\n{error}")
            builder.task(
                f"part{index}", notebook(f"/Jobs/part{index}"), result="FAILED", output=output
            )
        return self.workspace.add(builder.build())

    def post(self, run: PretendRun, *, task_key: str = "") -> int:
        """Post an event once; the status it was answered with, 0 for no answer."""
        try:
            return self.workspace.post_webhook(
                f"http://127.0.0.1:{self.port}/webhooks/databricks",
                run=run,
                user=USER,
                password=PASSWORD,
                task_key=task_key,
            )
        except OSError:
            return 0

    def roots_of(self, run: PretendRun) -> int:
        """How many messages of their own the run's incident has, in all channels."""
        name = str(run.run["run_name"])
        return sum(
            name in message.text for channel in CHANNELS for message in self.slack.messages(channel)
        )

    def mail_ids_of(self, run: PretendRun) -> list[str]:
        """The Message-IDs of the mails with a run's cause: one told before it was read has none."""
        name = str(run.run["run_name"])
        return [
            str(mail.message["Message-ID"])
            for mail in self.mailbox.messages
            if name in str(mail.message["Subject"]) and CAUSE in str(mail.message)
        ]

    def is_idle(self) -> bool:
        """Whether nothing waits in Redis or on the spool."""
        spooled = list((self.folder / "data").glob("spool*.jsonl"))
        return not spooled and self.queue.pulse().mailboxes == 0

    def _log_pipe(self) -> Path:
        """Where the processes log to: a pipe has room when the disk has none."""
        pipe = self.folder / "log.pipe"
        os.mkfifo(pipe)
        # Open for writing too, so that the reader meets no end before the house's.
        writer = os.open(pipe, os.O_RDWR)
        reader = threading.Thread(target=_copy, args=(pipe, self.log), name="log")
        reader.start()
        self._ends.callback(reader.join)
        self._ends.callback(os.close, writer)
        return pipe

    def _is_up(self) -> bool:
        pulse = self.queue.pulse()
        with socket.socket() as probe:
            listens = probe.connect_ex(("127.0.0.1", self.port)) == 0
        return listens and pulse.keeper and sum(pulse.workers.values()) > self._workers

    def _environment(self) -> dict[str, str]:
        config = self.folder / "jobmon.toml"
        routes = (ROUTE.format(number=n, channel=c) for n, c in enumerate(CHANNELS))
        config.write_text(POLICY + "".join(routes), encoding="utf-8")
        others = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return {
            **others,
            "REDIS_URL": self.redis.url,
            "PORT": str(self.port),
            "JOBMON_WORKERS": str(self._workers),
            "JOBMON_DATA_DIR": str(self.folder / "data"),
            "JOBMON_CONFIG": str(config),
            "DATABRICKS_HOST": self.workspace.url,
            "DATABRICKS_TOKEN": self.workspace.token,
            "JOBMON_WEBHOOK_USERNAME": USER,
            "JOBMON_WEBHOOK_PASSWORD": PASSWORD,
            "SLACK_BOT_TOKEN": self.slack.token,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "SLACK_API_URL": self.slack.url,
            "JOBMON_SLACK_CHANNEL": CHANNELS[0],
            "SMTP_URL": self.mailbox.url,
            "JOBMON_EMAIL_FROM": "jobmon@example.com",
            "JOBMON_EMAIL_TO": "data@example.com",
        }


def _copy(pipe: Path, log: Path) -> None:
    with pipe.open("rb", buffering=0) as source, log.open("wb", buffering=0) as target:
        while data := source.read(65536):
            target.write(data)
