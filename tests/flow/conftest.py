"""A whole jobmon in one process, between a pretend workspace, Slack and mailbox."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from rq import Queue
from rq.serializers import JSONSerializer
from werkzeug.test import TestResponse

from jobmon.demo.mailbox import Mailbox
from jobmon.demo.slack import PretendSlack
from jobmon.demo.workspace import PretendWorkspace
from jobmon.ports.queue import Lease, Pulse, Urgency
from jobmon.queue.functions import QUEUE_NAMES
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.queue.wake import MailboxJob
from jobmon.queue.worker import MailboxWorker
from jobmon.redis_answers import text_of
from jobmon.settings import Settings
from jobmon.settings_reader import read_settings
from jobmon.store.client import Client
from tests.jobmon.databricks.support import SteppingClock
from tests.support.ear import Ear
from tests.support.web import web_client
from workers.heartbeat import Heart
from workers.main import build_services
from workers.services import Services, current, install
from workers.sweep import sweep_message
from workers.watch import Watch

CHANNEL = "C0123456789"


class Unlimited:
    """No rate limit: a flow test is about what is said, not about when."""

    def reserve(self, *_: object, **__: object) -> timedelta:
        """Now."""
        return timedelta(0)

    def pause(self, *_: object, **__: object) -> None:
        """Never."""


class Patient(RqJobQueue):
    """A queue whose postponed work waits for `pass_time`, however slow the machine is."""

    def later(self, lease: Lease, *, delay: timedelta, **how: Any) -> None:
        """Tomorrow, unless it is to be done at once."""
        super().later(lease, delay=max(delay, timedelta(days=1)) if delay else delay, **how)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything around a jobmon, and jobmon itself."""

    workspace: PretendWorkspace
    slack: PretendSlack
    mailbox: Mailbox
    settings: Settings
    services: Services
    web: FlaskClient
    client: Client

    def post(self, body: object, *, password: str = "secret") -> TestResponse:  # noqa: S107
        """Post an event as Databricks does."""
        credentials = base64.b64encode(f"databricks:{password}".encode()).decode()
        return self.web.post(
            "/webhooks/databricks",
            data=body if isinstance(body, bytes) else json.dumps(body),
            headers={"Authorization": f"Basic {credentials}"},
        )

    def fails(self, run_id: int, **fields: object) -> TestResponse:
        """Post the job-level failure event of a run."""
        return self.post(
            {
                "event_type": "jobs.on_failure",
                "workspace_id": self.workspace.workspace_id,
                "run": {"run_id": run_id},
                **fields,
            }
        )

    def work(self) -> None:
        """Work off everything that is due, as workers would."""
        queue = RqJobQueue(self.client)
        for _ in range(20):
            for urgency in Urgency:
                self.worker(urgency).work(burst=True, logging_level="ERROR")
            left = any(self.client.llen(f"rq:queue:{name}") for name in QUEUE_NAMES.values())
            if not queue.revive() and not left:
                return

    def change_policy(self, **fields: object) -> None:
        """Work with another policy from now on."""
        self.change_settings(policy=replace(self.settings.policy, **fields))  # type: ignore[arg-type]

    def change_settings(self, **fields: object) -> None:
        """Work with other settings from now on; everything that depends on them is built anew."""
        settings = replace(self.settings, **fields)  # type: ignore[arg-type]
        services = build_services(settings, self.client)
        same = {name: getattr(self.services, name) for name in ("limiter", "sleep", "queue")}
        install(replace(services, **same))

    def pass_time(self) -> None:
        """Let every waiting period be over."""
        for mailbox in self.client.scan_iter("jobmon:messages:*"):
            for index, stored in enumerate(self.client.lrange(mailbox, 0, -1)):
                self.client.lset(mailbox, index, "0 " + text_of(stored).split(" ", 1)[1])
        for member, _ in self.client.zscan_iter("jobmon:wake"):
            self.client.zadd("jobmon:wake", {member: 0})
        RqJobQueue(self.client).revive()

    def sweep(self) -> None:
        """Ask for a sweep, as the scheduler does every few minutes."""
        message = sweep_message(None, at=datetime.now(UTC), every=timedelta(milliseconds=1))
        RqJobQueue(self.client).put(message, urgency=Urgency.BULK)

    def worker(self, urgency: Urgency) -> MailboxWorker:
        """A worker of one of the queues, in this process."""
        rq_queue = Queue(
            QUEUE_NAMES[urgency],
            connection=self.client,
            serializer=JSONSerializer,
            job_class=MailboxJob,
        )
        return MailboxWorker([rq_queue], connection=self.client, serializer=JSONSerializer)


def _now() -> float:
    """The time of the services, whatever a test says it is: Databricks and Slack go by it too."""
    return current().now().timestamp()


@pytest.fixture
def world(
    client: Client, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """A jobmon that is configured for Slack and mail; its waits for Databricks take no time."""
    monkeypatch.setattr("jobmon.databricks.workspaces.RealClock", SteppingClock)
    with PretendWorkspace(clock=_now) as workspace:
        slack = PretendSlack(clock=_now).start()
        mailbox = Mailbox().start()
        settings = read_settings(
            {
                "REDIS_URL": redis_url,
                "DATABRICKS_HOST": workspace.url,
                "DATABRICKS_TOKEN": workspace.token,
                "JOBMON_WEBHOOK_USERNAME": "databricks",
                "JOBMON_WEBHOOK_PASSWORD": "secret",
                "SLACK_BOT_TOKEN": slack.token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "SLACK_API_URL": slack.url,
                "JOBMON_SLACK_CHANNEL": CHANNEL,
                "SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}",
                "JOBMON_EMAIL_FROM": "jobmon@example.com",
                "JOBMON_EMAIL_TO": "data@example.com",
                "JOBMON_DATA_DIR": str(tmp_path / "data"),
            }
        )
        services = replace(
            build_services(settings, client),
            limiter=Unlimited(),
            queue=Patient(client),
            sleep=lambda _: None,
            details_after=timedelta(0),
        )
        install(services)
        with web_client(settings) as web:
            yield World(
                workspace=workspace,
                slack=slack,
                mailbox=mailbox,
                settings=settings,
                services=services,
                web=web,
                client=client,
            )
        slack.stop()
        mailbox.stop()


@pytest.fixture
def ear() -> Iterator[Ear]:
    listening = Ear()
    yield listening
    listening.stop()


class Pulsing(RqJobQueue):
    """A queue that seems to have as many workers of each kind, and messages that wait."""

    workers = 1
    undelivered: float | None = None

    def pulse(self) -> Pulse:
        return replace(
            super().pulse(),
            workers=dict.fromkeys(Urgency, self.workers),
            oldest_undelivered_seconds=self.undelivered,
        )


def watching(world: World, ear: Ear) -> tuple[Watch, Pulsing, Services]:
    queue = Pulsing(world.client)
    services = replace(world.services, queue=queue)
    watch = Watch(services, heart=Heart(ear.url), swept=services.settings.workspaces)
    return watch, queue, services
