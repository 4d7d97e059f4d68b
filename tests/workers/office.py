"""An outbox between a pretend Slack and mailbox."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from jobmon.demo.mailbox import Mailbox
from jobmon.demo.slack import PretendSlack
from jobmon.digest import Delivery, Destination, Note, Receipt
from jobmon.ports.notifier import Notifier
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.redis_answers import text_of
from jobmon.settings_reader import read_settings
from jobmon.store.client import Client
from tests.support.digests import a_delivery, a_digest, a_note, an_incident
from workers.deliver import run
from workers.main import build_services
from workers.outbox import post
from workers.services import Services, install

CHANNEL = "C0123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An outbox between a pretend Slack and mailbox."""

    slack: PretendSlack
    mailbox: Mailbox
    services: Services
    client: Client

    @property
    def queue(self) -> RqJobQueue:
        return RqJobQueue(self.client)

    def put(self, *deliveries: Delivery) -> None:
        """Put deliveries into the outbox."""
        for delivery in deliveries:
            post(self.queue, delivery)

    def work(self) -> None:
        """Work off what is due."""
        for member in self.client.zrange("jobmon:wake", 0, -1):
            run(text_of(member).partition(":")[2])

    def let_time_pass(self) -> None:
        """Let leases and waits be over."""
        self.let_leases_end()
        self.client.delete(*self.client.scan_iter("jobmon:rate:*"), "jobmon:pause:none")
        self.queue.revive()

    def let_leases_end(self) -> None:
        """Let the keeper's next look at every mailbox be due now, and leases be over."""
        for member in self.client.zrange("jobmon:wake", 0, -1):
            self.client.zadd("jobmon:wake", {text_of(member): 0})
            box = f"jobmon:box:{text_of(member)}"
            if self.client.hexists(box, "until"):
                self.client.hset(box, "until", 0)

    def key(self) -> str:
        """The one mailbox's key."""
        (member,) = self.client.zrange("jobmon:wake", 0, -1)
        return text_of(member).partition(":")[2]

    def texts(self) -> list[str]:
        """What stands in the channel."""
        return [message.text for message in self.slack.messages(CHANNEL)]


@pytest.fixture
def office(client: Client, redis_url: str, tmp_path: Path) -> Iterator[Office]:
    with PretendSlack() as slack, Mailbox() as mailbox:
        settings = read_settings(
            {
                "REDIS_URL": redis_url,
                "SLACK_BOT_TOKEN": slack.token,
                "SLACK_API_URL": slack.url,
                "JOBMON_SLACK_CHANNEL": CHANNEL,
                "SMTP_URL": mailbox.url,
                "JOBMON_EMAIL_FROM": "jobmon@example.com",
                "JOBMON_EMAIL_TO": "oncall@example.com",
                "JOBMON_WEBHOOK_USERNAME": "databricks",
                "JOBMON_WEBHOOK_PASSWORD": "secret",
                "JOBMON_DATA_DIR": str(tmp_path),
            }
        )
        services = build_services(settings, client)
        install(services)
        yield Office(slack=slack, mailbox=mailbox, services=services, client=client)


def state(number: int, destination: Destination | None = None) -> Delivery:
    """The incident's message as of one of its versions."""
    digest = a_digest(history=f"state {number}", incident=an_incident(version=number))
    return a_delivery(destination, delivery_id=f"d-{number}", digest=digest)


def note(number: int, text: str = "") -> Delivery:
    """A line for the thread."""
    return a_note(delivery_id=f"n-{number}", note=Note(text=text or f"note {number}"))


def letters(office: Office) -> dict[str, str]:
    """The dead letters: message id to reason."""
    return {item.message.message_id: item.reason for item in office.queue.dead_letters()}


def breaks_on(office: Office, delivery_id: str, error: Exception) -> None:
    """Let sending one delivery raise this from now on."""
    services = office.services

    class Broken:
        def __init__(self, notifier: Notifier) -> None:
            self._notifier = notifier

        def send(self, delivery: Delivery, *, root: Receipt | None) -> Receipt:
            if delivery.delivery_id == delivery_id:
                raise error
            return self._notifier.send(delivery, root=root)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._notifier, name)

    def notifier(place: Destination) -> Notifier:
        return Broken(services.notifier(place))

    install(replace(services, notifier=notifier))
