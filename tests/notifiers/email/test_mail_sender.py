"""Who a mail is from, as its reader sees it."""

from email import message_from_bytes
from email.policy import default

import pytest

from jobmon.sender import Sender
from notifiers.email.headers import from_of
from notifiers.email.message import mail_of
from tests.support.digests import NOW, a_delivery


@pytest.mark.parametrize("name", ["", "jobmon", "Jobs, prod", 'Überwachung "prod"'])
def test_the_sender_has_its_name_and_is_one_address(name: str) -> None:
    mail = mail_of(
        a_delivery(),
        sender=Sender(address="jobmon@example.com", name=name),
        recipients=("oncall@example.com",),
        domain="example.com",
        sent_at=NOW,
        follow_up=False,
    )

    raw = mail.as_bytes()
    (shown,) = message_from_bytes(raw, policy=default)["From"].addresses
    assert (shown.display_name, shown.addr_spec) == (name, "jobmon@example.com")
    assert raw.isascii()


def test_a_senders_name_with_a_line_break_is_no_mail_rather_than_a_header() -> None:
    with pytest.raises(ValueError, match=r"CR|LF|invalid"):
        from_of(Sender(address="jobmon@example.com", name="jobmon\r\nBcc: x@evil.example"))
