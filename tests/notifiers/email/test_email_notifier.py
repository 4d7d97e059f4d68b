"""What a mail server's answers mean, and what is sent again."""

import datetime as dt

import pytest

from jobmon.demo.mailbox import Mailbox
from jobmon.errors import (
    ContentError,
    CredentialError,
    DestinationError,
    DoubtfulError,
    JobmonError,
    TransientError,
)
from jobmon.sender import Sender
from jobmon.settings import EmailSettings, SmtpSettings
from notifiers.email.notifier import EmailNotifier
from tests.support.digests import (
    a_delivery,
    email_destination,
)

ROOT = email_destination()


@pytest.mark.parametrize(
    ("step", "answer", "kind"),
    [
        pytest.param("connect", "421 4.3.2 busy", TransientError, id="busy at hello"),
        pytest.param("connect", "drop", TransientError, id="hangs up at hello"),
        pytest.param("mail", "451 4.7.1 greylisted", TransientError, id="sender, later"),
        pytest.param("mail", "550 5.7.1 no", DestinationError, id="sender, never"),
        pytest.param("mail", "530 5.7.0 login", CredentialError, id="sender, wants login"),
        pytest.param("mail", "552 5.3.4 too big", ContentError, id="sender, too large"),
        pytest.param("mail", "drop", TransientError, id="hangs up at sender"),
        pytest.param("rcpt", "450 4.2.1 full", TransientError, id="recipient, later"),
        pytest.param("rcpt", "550 5.1.1 nobody", DestinationError, id="recipient, never"),
        pytest.param("rcpt", "drop", TransientError, id="hangs up at recipient"),
        pytest.param("data", "421 4.3.0 busy", TransientError, id="content, busy"),
        pytest.param("data", "554 5.6.0 spam", ContentError, id="content, never"),
        pytest.param("data", "drop", DoubtfulError, id="hangs up at content"),
        pytest.param("after_data", "drop", DoubtfulError, id="hangs up after content"),
    ],
)
def test_each_answer_of_the_server_says_what_can_be_done(
    mailbox: Mailbox,
    email_notifier: EmailNotifier,
    step: str,
    answer: str,
    kind: type[JobmonError],
) -> None:
    mailbox.fail_next(step, answer, times=2)

    with pytest.raises(kind) as raised:
        email_notifier.send(a_delivery(ROOT), root=None)

    assert type(raised.value) is kind


def test_a_server_that_is_not_there_may_be_tried_later() -> None:
    smtp = SmtpSettings(host="127.0.0.1", port=1)
    notifier = EmailNotifier(EmailSettings(smtp=smtp, sender=Sender(address="jobmon@example.com")))

    with pytest.raises(TransientError, match=r"127\.0\.0\.1:1"):
        notifier.send(a_delivery(ROOT), root=None)


def test_content_that_is_refused_is_sent_as_text_only(
    mailbox: Mailbox, email_notifier: EmailNotifier
) -> None:
    mailbox.fail_next("data", "554 5.6.0 no html here")

    receipt = email_notifier.send(a_delivery(ROOT), root=None)

    assert receipt.degraded == "text only"
    assert mailbox.messages[0].html == ""


def test_who_was_refused_is_in_the_receipt_when_others_were_taken(
    mailbox: Mailbox, email_notifier: EmailNotifier
) -> None:
    mailbox.fail_next("rcpt", "550 5.1.1 nobody")
    both = email_destination("gone@example.com, oncall@example.com")

    receipt = email_notifier.send(a_delivery(both), root=None)

    assert receipt.degraded == "not taken for gone@example.com: 550 5.1.1"
    assert mailbox.messages[0].recipients == ("oncall@example.com",)


def test_a_mail_that_is_sent_again_has_the_same_id(
    mailbox: Mailbox, email_notifier: EmailNotifier
) -> None:
    mailbox.fail_next("after_data", "drop")
    with pytest.raises(DoubtfulError):
        email_notifier.send(a_delivery(ROOT), root=None)
    since = dt.datetime.now(dt.UTC)
    assert email_notifier.find(a_delivery(ROOT), root=None, since=since) is None

    email_notifier.send(a_delivery(ROOT), root=None)

    first, second = mailbox.messages
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_a_sender_that_is_no_address_is_named() -> None:
    with pytest.raises(DestinationError, match="nobody"):
        EmailNotifier(EmailSettings(sender=Sender(address="nobody")))
