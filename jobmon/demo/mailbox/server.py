"""An SMTP server that keeps what it takes, and refuses what it is told to."""

import asyncio
import email
import ssl
import threading
from collections import deque
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from jobmon.demo.mailbox.stored_mail import StoredMail

DROP = "drop"
SLOW = "slow"
MAX_SIZE = 2_000_000
TIMEOUT = 5


class Step(StrEnum):
    """Where in an SMTP session something can go wrong."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    AFTER_DATA = "after_data"
    """The mail was taken; only the answer is lost."""


class Mailbox:
    """Takes mail for anybody on loopback.

    Faults are answers to give instead of `250`, each once: `fail_next(Step.RCPT, "550 no such
    user")`; the answer `drop` closes the connection, and `slow 2.5` only comes late.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        login: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        max_size: int = MAX_SIZE,
    ) -> None:
        self._faults: dict[Step, deque[str]] = {step: deque() for step in Step}
        self._mails: list[StoredMail] = []
        self._lock = threading.Lock()
        self._login = login
        self._tls = tls
        self._max_size = max_size
        self._wanted_port = port
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def port(self) -> int:
        """Where it listens, once it is started."""
        server = self._server
        return int(server.sockets[0].getsockname()[1]) if server else self._wanted_port

    @property
    def url(self) -> str:
        """For `SMTP_URL`."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> tuple[StoredMail, ...]:
        """What arrived, oldest first."""
        with self._lock:
            return tuple(self._mails)

    @property
    def wants_login(self) -> bool:
        """Whether only somebody who signed in may send."""
        return self._login is not None

    def start(self) -> Self:
        """Take mail from now on."""
        self._thread.start()
        opening = self._loop.create_server(self._session, "127.0.0.1", self._wanted_port)
        self._server = asyncio.run_coroutine_threadsafe(opening, self._loop).result(TIMEOUT)
        return self

    def stop(self) -> None:
        """Close the port and hang up on whoever is connected."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(TIMEOUT)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(TIMEOUT)
        self._loop.close()

    async def _close(self) -> None:
        if self._server:
            self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _session(self) -> SMTP:
        return SMTP(
            _Keeper(self),
            hostname="mailbox.localhost",
            data_size_limit=self._max_size,
            tls_context=self._tls,
            authenticator=self._authenticate,
            auth_require_tls=False,
            loop=self._loop,
        )

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def fail_next(self, step: Step | str, answer: str, *, times: int = 1) -> None:
        """Give this answer at this step instead of taking it."""
        self._faults[Step(step)].extend([answer] * times)

    def take_fault(self, step: Step) -> str:
        """The answer to give at a step, or nothing; uses it up."""
        faults = self._faults[step]
        return faults.popleft() if faults else ""

    def keep(self, envelope: Envelope) -> None:
        """Store a mail."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        message = email.message_from_bytes(raw, policy=default)
        if not isinstance(message, EmailMessage):
            return
        mail = StoredMail(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            message=message,
            raw=raw,
        )
        with self._lock:
            self._mails.append(mail)

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        if not isinstance(data, LoginPassword) or self._login is None:
            return AuthResult(success=False, handled=False)
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self._login, handled=False)


class _Keeper:
    """aiosmtpd calls these by name; a string is what goes back to the client."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        fault = await self._fault(server, Step.CONNECT)
        if fault and server.transport is not None:
            # The answer has to leave before the line goes dead.
            server.loop.call_soon(server.transport.close)
        return [fault] if fault else responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if fault := await self._fault(server, Step.MAIL):
            return fault
        if self._mailbox.wants_login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if fault := await self._fault(server, Step.RCPT):
            return fault
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if fault := await self._fault(server, Step.DATA):
            return fault
        self._mailbox.keep(envelope)
        return await self._fault(server, Step.AFTER_DATA) or "250 OK"

    async def _fault(self, server: SMTP, step: Step) -> str:
        answer = self._mailbox.take_fault(step)
        if answer.startswith(SLOW):
            await asyncio.sleep(float(answer.removeprefix(SLOW)))
            return ""
        if answer == DROP and server.transport is not None:
            server.transport.close()
        return answer
