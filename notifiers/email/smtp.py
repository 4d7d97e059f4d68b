"""One mail through one mail server: encrypted, authenticated, one attempt."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage

from jobmon.address import is_this_machine
from jobmon.errors import CredentialError, DoubtfulError, PermanentError, TransientError
from jobmon.settings import SmtpSettings
from notifiers.email.errors import (
    Reply,
    content_refused,
    login_refused,
    recipients_refused,
    said,
    sender_refused,
)

TIMEOUT_SECONDS = 10
TAKEN = frozenset({250, 251})
STARTTLS_GO = 220
NOT_ASCII = (
    "the user or the password in SMTP_URL has a letter beyond ASCII, such as ä, which cannot be "
    "sent to a mail server: set another password there, and here"
)


class SmtpSender:
    """Sends mails; every error is one of `jobmon.errors`, without secrets."""

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        hello: str,
        context: ssl.SSLContext | None = None,
        trust_loopback: bool = True,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._settings = settings
        self._hello = hello
        # smtplib's own default context verifies nothing.
        self._context = context or ssl.create_default_context()
        self._trust_loopback = trust_loopback
        self._timeout = timeout

    def greet(self) -> None:
        """Sign in and leave: says whether a mail would be taken from us."""
        with self._session():
            pass

    def send(
        self, mail: EmailMessage, *, sender: str, recipients: tuple[str, ...]
    ) -> Mapping[str, Reply]:
        """Hand the mail over; returns the recipients that were refused, if some were taken."""
        with self._session() as session:
            refused = _envelope(session, sender, recipients)
            try:
                code, words = session.data(mail.as_bytes())
            except smtplib.SMTPDataError as exc:
                reply = exc.smtp_code, _bytes(exc.smtp_error)
                raise content_refused(reply) from None
            except (smtplib.SMTPException, OSError) as exc:
                msg = "the mail server hung up before it said whether it took the mail"
                raise DoubtfulError(msg) from exc
            if code not in TAKEN:
                raise content_refused((code, words))
            return refused

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        session = self._connected()
        try:
            self._prepared(session)
            yield session
        except smtplib.SMTPServerDisconnected:
            msg = f"the mail server {self._where} hung up; nothing was sent"
            raise TransientError(msg) from None
        except (smtplib.SMTPException, OSError) as exc:
            msg = f"talking to the mail server {self._where} failed ({type(exc).__name__})"
            raise TransientError(msg) from None
        finally:
            _close(session)

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        try:
            if settings.implicit_tls:
                return smtplib.SMTP_SSL(
                    settings.host,
                    settings.port,
                    local_hostname=self._hello,
                    timeout=self._timeout,
                    context=self._context,
                )
            return smtplib.SMTP(
                settings.host,
                settings.port,
                local_hostname=self._hello,
                timeout=self._timeout,
            )
        except ssl.SSLCertVerificationError:
            raise self._not_trusted() from None
        except UnicodeError:
            msg = f"{self._where} is no name of a mail server; correct SMTP_URL"
            raise PermanentError(msg) from None
        except (smtplib.SMTPException, OSError) as exc:
            msg = f"the mail server {self._where} can't be reached ({type(exc).__name__})"
            raise TransientError(msg) from None

    def _prepared(self, session: smtplib.SMTP) -> None:
        session.ehlo_or_helo_if_needed()
        if self._must_encrypt():
            self._encrypt(session)
        settings = self._settings
        if not settings.username:
            return
        try:
            session.login(settings.username, settings.password.reveal())
        except smtplib.SMTPAuthenticationError as exc:
            raise login_refused((exc.smtp_code, _bytes(exc.smtp_error))) from None
        except smtplib.SMTPNotSupportedError:
            msg = (
                f"the mail server {self._where} offers no login; take the user out of SMTP_URL, "
                "or use its submission port"
            )
            raise CredentialError(msg) from None
        except UnicodeError:
            # smtplib sends logins as ASCII; the error itself holds the login.
            raise CredentialError(NOT_ASCII) from None

    def _must_encrypt(self) -> bool:
        settings = self._settings
        if settings.implicit_tls or not settings.starttls:
            return False
        return not (self._trust_loopback and is_this_machine(settings.host))

    def _encrypt(self, session: smtplib.SMTP) -> None:
        try:
            code, words = session.starttls(context=self._context)
        except smtplib.SMTPNotSupportedError:
            msg = (
                f"the mail server {self._where} offers no encryption (STARTTLS); use smtps://, or "
                "?starttls=off if the network may be trusted"
            )
            raise PermanentError(msg) from None
        except ssl.SSLCertVerificationError:
            raise self._not_trusted() from None
        if code != STARTTLS_GO:
            reply = said((code, words))
            msg = f"the mail server {self._where} could not start encryption ({reply})"
            raise TransientError(msg)
        session.ehlo_or_helo_if_needed()

    @property
    def _where(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    def _not_trusted(self) -> TransientError:
        return TransientError(
            f"the certificate of {self._where} is not trusted here; no mail was sent"
        )


def _envelope(
    session: smtplib.SMTP, sender: str, recipients: tuple[str, ...]
) -> Mapping[str, Reply]:
    code, words = session.mail(sender)
    if code not in TAKEN:
        raise sender_refused((code, words))
    refused = {}
    for recipient in recipients:
        code, words = session.rcpt(recipient)
        if code not in TAKEN:
            refused[recipient] = (code, words)
    if len(refused) == len(recipients):
        raise recipients_refused(refused)
    return refused


def _close(session: smtplib.SMTP) -> None:
    try:
        session.quit()
    except (smtplib.SMTPException, OSError):
        # What matters was said before; a server that forgets its manners changes nothing.
        session.close()


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
