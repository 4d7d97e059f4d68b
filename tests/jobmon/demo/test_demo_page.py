from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient

from jobmon.demo.mailbox import Mailbox
from jobmon.demo.page import DemoPage
from jobmon.demo.slack import PretendSlack
from jobmon.digest import Destination, DestinationKind, Note
from jobmon.sender import Sender
from jobmon.settings import EmailSettings, Secret, Settings, SlackSettings, SmtpSettings
from notifiers.registry import notifier_for
from tests.support.digests import a_delivery, a_note, email_destination
from tests.support.hostile import ATTACKS, a_hostile_digest

CHANNEL = "C0123456789"


@pytest.fixture
def slack() -> Iterator[PretendSlack]:
    with PretendSlack() as server:
        yield server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        yield server


@pytest.fixture
def page(slack: PretendSlack, mailbox: Mailbox) -> Iterator[DemoPage]:
    with DemoPage(slack, mailbox) as server:
        yield server


@pytest.fixture
def settings(slack: PretendSlack, mailbox: Mailbox) -> Settings:
    smtp = SmtpSettings(host="127.0.0.1", port=mailbox.port)
    return Settings(
        slack=SlackSettings(bot_token=Secret(slack.token), api_url=slack.url),
        email=EmailSettings(smtp=smtp, sender=Sender(address="jobmon@example.com")),
    )


def get(url: str, **headers: str) -> tuple[str, dict[str, str]]:
    request = Request(url, headers=headers)  # noqa: S310 (loopback)
    with urlopen(request, timeout=5) as answer:  # noqa: S310 (loopback)
        return answer.read().decode(), dict(answer.headers)


def test_a_message_its_thread_and_a_mail_are_shown(page: DemoPage, settings: Settings) -> None:
    channel = Destination(kind=DestinationKind.SLACK, address=CHANNEL)
    slack = notifier_for(channel, settings)
    root = slack.send(a_delivery(channel), root=None)
    slack.send(a_note(channel, note=Note(text="Repair 1 started")), root=root)
    to = email_destination()
    notifier_for(to, settings).send(a_delivery(to), root=None)

    html, _ = get(page.url)

    assert "❌ nightly_orders failed · prod" in html
    assert "Repair 1 started" in html
    assert "[jobmon prod] nightly_orders failed (run 123)" in html
    assert "nightly_orders failed" in get(f"{page.url}mail/0")[0]


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_nothing_that_strangers_wrote_becomes_html(
    page: DemoPage, settings: Settings, attack: str
) -> None:
    channel = Destination(kind=DestinationKind.SLACK, address=CHANNEL)
    delivery = a_delivery(channel, digest=a_hostile_digest(attack))
    notifier_for(channel, settings).send(delivery, root=None)

    html, _ = get(f"{page.url}content")

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="https://evil' not in html


def test_raw_messages_are_escaped_too(page: DemoPage, slack: PretendSlack) -> None:
    web = WebClient(slack.token, base_url=slack.url)
    web.chat_postMessage(channel=CHANNEL, text="<javascript:alert(1)|x> &lt;script&gt; *b* <@U1>")

    html, _ = get(f"{page.url}content")

    assert "javascript:" not in html
    assert "&lt;script&gt; <b>b</b>" in html


def test_the_page_loads_nothing_from_elsewhere_and_mails_are_locked_in(
    page: DemoPage, settings: Settings
) -> None:
    to = email_destination()
    notifier_for(to, settings).send(a_delivery(to), root=None)

    html, headers = get(page.url)
    _, mail_headers = get(f"{page.url}mail/0")

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "sandbox" in mail_headers["Content-Security-Policy"]
    assert "<iframe sandbox " in html


def test_another_sites_name_for_this_machine_is_refused(page: DemoPage) -> None:
    with pytest.raises(HTTPError, match="403"):
        get(page.url, Host="evil.example")


def test_another_site_cannot_click(page: DemoPage) -> None:
    request = Request(f"{page.url}click", data=b"{}")  # noqa: S310 (loopback)

    with pytest.raises(HTTPError, match="403"):
        urlopen(request, timeout=5)  # noqa: S310 (loopback)


def test_a_click_without_a_jobmon_says_so(
    page: DemoPage, settings: Settings, slack: PretendSlack
) -> None:
    channel = Destination(kind=DestinationKind.SLACK, address=CHANNEL)
    notifier_for(channel, settings).send(a_delivery(channel), root=None)
    ts = slack.messages()[0].ts
    body = f'{{"channel":"{CHANNEL}","ts":"{ts}","action_id":"jobmon.ack"}}'.encode()
    headers = {"X-Jobmon-Demo": "1"}
    request = Request(f"{page.url}click", data=body, headers=headers)  # noqa: S310 (loopback)

    with pytest.raises(HTTPError) as raised:
        urlopen(request, timeout=5)  # noqa: S310 (loopback)

    assert "No jobmon is listening" in raised.value.read().decode()
