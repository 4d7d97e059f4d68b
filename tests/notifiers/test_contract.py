"""What every notifier promises, whatever the medium."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO

import pytest
from rich.console import Console

from jobmon.demo.mailbox import Mailbox
from jobmon.demo.slack import PretendSlack
from jobmon.digest import Delivery, Destination, DestinationKind
from jobmon.errors import CredentialError, DoubtfulError, JobmonError, TransientError
from jobmon.ports.notifier import Notifier
from jobmon.sender import Sender
from jobmon.settings import EmailSettings, Secret, SlackSettings, SmtpSettings
from notifiers.console import ConsoleNotifier
from notifiers.email.notifier import EmailNotifier
from notifiers.registry import NOTIFIERS
from notifiers.slack.client import SlackClient
from notifiers.slack.notifier import SlackNotifier
from tests.support.digests import NOW, a_delivery, email_destination, slack_destination
from tests.support.hostile import ATTACKS, a_hostile_digest, in_every_state

SECRET = "s3cr3t-of-ours"


@dataclass(frozen=True, kw_only=True)
class Medium:
    notifier: Notifier
    destination: Destination
    busy: Callable[[], None]
    hang_up: Callable[[], None]
    distrust: Callable[[], None]
    arrived: Callable[[], int]

    def delivery(self) -> Delivery:
        return a_delivery(self.destination)


@pytest.fixture
def slack_medium(slack: PretendSlack) -> Medium:
    settings = SlackSettings(bot_token=Secret(slack.token), api_url=slack.url)
    return Medium(
        notifier=SlackNotifier(SlackClient(settings, timeout=2), clock=lambda: NOW),
        destination=slack_destination(),
        busy=lambda: slack.fail_next("rate_limited"),
        hang_up=lambda: slack.fail_next("drop_after"),
        distrust=lambda: slack.fail_next("error", error="token_expired"),
        arrived=lambda: len(slack.messages()),
    )


@pytest.fixture
def email_medium(mailbox: Mailbox) -> Medium:
    smtp = SmtpSettings(host="127.0.0.1", port=mailbox.port)
    settings = EmailSettings(smtp=smtp, sender=Sender(address="jobmon@example.com"))
    return Medium(
        notifier=EmailNotifier(settings, clock=lambda: NOW),
        destination=email_destination(),
        busy=lambda: mailbox.fail_next("mail", "421 4.3.2 busy"),
        hang_up=lambda: mailbox.fail_next("after_data", "drop"),
        distrust=lambda: mailbox.fail_next("mail", "530 5.7.0 authentication required"),
        arrived=lambda: len(mailbox.messages),
    )


@pytest.fixture(params=["slack", "email"])
def medium(request: pytest.FixtureRequest) -> Medium:
    found = request.getfixturevalue(f"{request.param}_medium")
    assert isinstance(found, Medium)
    return found


def test_a_delivery_arrives_once_and_the_receipt_says_where(medium: Medium) -> None:
    receipt = medium.notifier.send(medium.delivery(), root=None)

    assert medium.arrived() == 1
    assert receipt.delivery_id == medium.delivery().delivery_id
    assert receipt.destination == medium.destination
    assert receipt.message_id
    assert receipt.sent_at == NOW
    assert receipt.degraded == ""


def test_a_busy_server_is_transient_and_nothing_arrived(medium: Medium) -> None:
    medium.busy()

    with pytest.raises(TransientError):
        medium.notifier.send(medium.delivery(), root=None)

    assert medium.arrived() == 0


def test_a_lost_answer_is_doubtful_and_not_repeated(medium: Medium) -> None:
    medium.hang_up()

    with pytest.raises(DoubtfulError):
        medium.notifier.send(medium.delivery(), root=None)

    assert medium.arrived() == 1


def test_a_credential_that_is_refused_says_so(medium: Medium) -> None:
    medium.distrust()

    with pytest.raises(CredentialError):
        medium.notifier.send(medium.delivery(), root=None)


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_whatever_strangers_wrote_is_delivered_whole(medium: Medium, attack: str) -> None:
    delivery = a_delivery(medium.destination, digest=a_hostile_digest(attack))

    receipt = medium.notifier.send(delivery, root=None)

    assert receipt.degraded == ""


@pytest.mark.parametrize("trouble", ["busy", "hang_up", "distrust"])
def test_no_error_and_no_trace_of_one_holds_a_secret(
    trouble: str, slack: PretendSlack, mailbox: Mailbox
) -> None:
    token = Secret(slack.token)
    smtp = SmtpSettings(
        host="127.0.0.1", port=mailbox.port, username="jobmon", password=Secret(SECRET)
    )
    notifiers: tuple[tuple[Notifier, Destination], ...] = (
        (
            SlackNotifier(SlackClient(SlackSettings(bot_token=token, api_url=slack.url))),
            slack_destination(),
        ),
        (
            EmailNotifier(EmailSettings(smtp=smtp, sender=Sender(address="jobmon@example.com"))),
            email_destination(),
        ),
    )
    faults = {"busy": "rate_limited", "hang_up": "drop_after", "distrust": "html"}
    slack.fail_next(faults[trouble])
    for notifier, destination in notifiers:
        with pytest.raises(JobmonError) as raised:
            notifier.send(a_delivery(destination), root=None)
        said = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
        assert SECRET not in said
        assert slack.token not in said
        assert slack.url not in said


def test_there_is_a_notifier_for_every_kind_of_destination() -> None:
    assert set(NOTIFIERS) == set(DestinationKind)


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_a_terminal_gets_text_and_no_orders(attack: str) -> None:
    out = StringIO()
    console = Console(file=out, width=80, force_terminal=True, color_system=None)
    destination = Destination(kind=DestinationKind.CONSOLE)

    notifier = ConsoleNotifier(console, clock=lambda: NOW)
    for digest in in_every_state(a_hostile_digest(attack)):
        notifier.send(a_delivery(destination, digest=digest), root=None)

    shown = out.getvalue()
    assert not set(shown) & set("\x07\u202e\u2066")
    assert "\x1b]" not in shown
    assert "\x1b[31m" not in shown
