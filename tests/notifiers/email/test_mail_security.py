"""Logins and encryption of mail."""

import re
import ssl
import subprocess
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from jobmon.demo.mailbox import Mailbox
from jobmon.errors import (
    CredentialError,
    PermanentError,
    TransientError,
)
from jobmon.sender import Sender
from jobmon.settings import EmailSettings, Secret, SmtpSettings
from notifiers.email.notifier import EmailNotifier
from notifiers.email.smtp import SmtpSender
from tests.support.digests import (
    a_delivery,
    email_destination,
)

ROOT = email_destination()


Tls = tuple[ssl.SSLContext, ssl.SSLContext]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    """A server's context with a certificate for localhost, and a client's that trusts it."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    _make_certificate(key, certificate)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cafile=str(certificate))
    return server, client


def _make_certificate(key: Path, certificate: Path) -> None:
    openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*openssl, *names, *files], check=True, capture_output=True, timeout=30)


def encrypted(mailbox: Mailbox, context: ssl.SSLContext | None) -> EmailNotifier:
    """A notifier that insists on encryption, as it does for any server but loopback."""
    smtp = SmtpSettings(host="127.0.0.1", port=mailbox.port)
    sender = SmtpSender(smtp, hello="example.com", context=context, trust_loopback=False)
    return EmailNotifier(
        EmailSettings(smtp=smtp, sender=Sender(address="jobmon@example.com")), smtp=sender
    )


def test_the_right_login_is_taken_and_a_wrong_one_is_a_credential_error() -> None:
    def notifier(mailbox: Mailbox, password: str) -> EmailNotifier:
        smtp = SmtpSettings(
            host="127.0.0.1", port=mailbox.port, username="jobmon", password=Secret(password)
        )
        return EmailNotifier(EmailSettings(smtp=smtp, sender=Sender(address="jobmon@example.com")))

    with Mailbox(login=("jobmon", "right")) as mailbox:
        notifier(mailbox, "right").send(a_delivery(ROOT), root=None)
        with pytest.raises(CredentialError):
            notifier(mailbox, "wrong").send(a_delivery(ROOT), root=None)

        assert len(mailbox.messages) == 1


@pytest.mark.parametrize(("user", "password"), [("jobmon", "pä55wort"), ("jöbmon", "right")])
def test_a_login_that_cannot_be_sent_says_what_to_change(user: str, password: str) -> None:
    with Mailbox(login=("jobmon", "right")) as mailbox:
        smtp = SmtpSettings(
            host="127.0.0.1", port=mailbox.port, username=user, password=Secret(password)
        )
        with pytest.raises(CredentialError, match="SMTP_URL") as raised:
            SmtpSender(smtp, hello="example.com").greet()

    said = "".join(traceback.format_exception(raised.value))
    assert not {"pä55wort", "jöbmon", "right"} & set(re.findall(r"\w+", said))


def test_a_mail_server_whose_name_can_be_none_is_named() -> None:
    smtp = SmtpSettings(host="mail..example.com", port=587)

    with pytest.raises(PermanentError, match=r"mail\.\.example\.com:587 is no name of a mail"):
        SmtpSender(smtp, hello="example.com").greet()


def test_a_login_where_the_server_offers_none_is_a_credential_error(mailbox: Mailbox) -> None:
    with Mailbox() as plain_server:
        smtp = SmtpSettings(
            host="127.0.0.1", port=plain_server.port, username="x", password=Secret("y")
        )
        notifier = EmailNotifier(
            EmailSettings(smtp=smtp, sender=Sender(address="jobmon@example.com"))
        )

        with pytest.raises(CredentialError):
            notifier.send(a_delivery(ROOT), root=None)


def test_mail_is_encrypted_when_the_server_is_trusted(certificates: Tls) -> None:
    server, client = certificates
    with Mailbox(tls=server) as mailbox:
        encrypted(mailbox, client).send(a_delivery(ROOT), root=None)

        assert len(mailbox.messages) == 1


def test_nothing_is_sent_to_a_server_with_a_certificate_nobody_trusts(certificates: Tls) -> None:
    server, _ = certificates
    with Mailbox(tls=server) as mailbox:
        with pytest.raises(TransientError, match="not trusted"):
            encrypted(mailbox, None).send(a_delivery(ROOT), root=None)

        assert mailbox.messages == ()


def test_nothing_is_sent_in_the_clear_to_a_server_without_encryption(mailbox: Mailbox) -> None:
    with pytest.raises(PermanentError, match="starttls=off"):
        encrypted(mailbox, None).send(a_delivery(ROOT), root=None)

    assert mailbox.messages == ()


def test_signing_in_alone_sends_nothing(mailbox: Mailbox) -> None:
    smtp = SmtpSettings(host="127.0.0.1", port=mailbox.port)

    greet: Callable[[], None] = SmtpSender(smtp, hello="example.com").greet
    greet()

    assert mailbox.messages == ()
