from collections.abc import Iterator

import pytest

from jobmon.demo.mailbox import Mailbox
from jobmon.demo.slack import PretendSlack
from jobmon.sender import Sender
from jobmon.settings import EmailSettings, Secret, SlackSettings, SmtpSettings
from notifiers.email.notifier import EmailNotifier
from notifiers.slack.client import SlackClient
from notifiers.slack.notifier import SlackNotifier
from tests.support.digests import NOW


@pytest.fixture
def slack() -> Iterator[PretendSlack]:
    with PretendSlack() as server:
        yield server


@pytest.fixture
def slack_notifier(slack: PretendSlack) -> SlackNotifier:
    settings = SlackSettings(bot_token=Secret(slack.token), api_url=slack.url)
    return SlackNotifier(SlackClient(settings, timeout=1), clock=lambda: NOW)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        yield server


@pytest.fixture
def email_notifier(mailbox: Mailbox) -> EmailNotifier:
    smtp = SmtpSettings(host="127.0.0.1", port=mailbox.port)
    settings = EmailSettings(smtp=smtp, sender=Sender(address="jobmon@example.com", name="jobmon"))
    return EmailNotifier(settings, clock=lambda: NOW)
