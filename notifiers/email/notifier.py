"""Delivers digests as mail: one conversation an incident."""

from collections.abc import Callable
from datetime import datetime
from typing import Self

from jobmon.clock import utc_now
from jobmon.digest import Delivery, Receipt
from jobmon.errors import ContentError
from jobmon.settings import EmailSettings, Settings
from notifiers.email.errors import is_transient, said
from notifiers.email.headers import addresses_of, domain_of, message_id_of
from notifiers.email.message import mail_of
from notifiers.email.smtp import SmtpSender


class EmailNotifier:
    """Sends one mail for each delivery: mails cannot be edited, nor have they threads."""

    name = "email"

    def __init__(
        self,
        settings: EmailSettings,
        *,
        smtp: SmtpSender | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._settings = settings
        self._domain = domain_of(settings.sender)
        self._smtp = smtp or SmtpSender(settings.smtp, hello=self._domain)
        self._clock = clock

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """With the mail server and sender of the settings."""
        return cls(settings.email)

    def send(self, delivery: Delivery, *, root: Receipt | None) -> Receipt:
        """Send a mail; `root` decides on `Re:`.

        Who is refused for now, while others are taken, is named in the receipt; who is refused
        for good is what the receipt says was lost.
        """
        # The others' copy of this very mail is none to reply to.
        follow_up = root is not None and root.version != delivery.digest.incident.version
        try:
            return self._mail(delivery, follow_up=follow_up, with_html=True)
        except ContentError:
            return self._mail(delivery, follow_up=follow_up, with_html=False)

    def find(
        self,
        delivery: Delivery,  # noqa: ARG002 (the protocol's)
        *,
        root: Receipt | None,  # noqa: ARG002
        since: datetime,  # noqa: ARG002
    ) -> Receipt | None:
        """Nobody can look into a mailbox: the mail is sent again, with the same Message-ID."""
        return None

    def _mail(self, delivery: Delivery, *, follow_up: bool, with_html: bool) -> Receipt:
        recipients = addresses_of(
            delivery.destination.address or ",".join(self._settings.recipients)
        )
        mail = mail_of(
            delivery,
            sender=self._settings.sender,
            recipients=recipients,
            domain=self._domain,
            sent_at=self._clock(),
            follow_up=follow_up,
            with_html=with_html,
        )
        sender = self._settings.sender.address
        asked = delivery.only_for or recipients
        refused = self._smtp.send(mail, sender=sender, recipients=asked)
        for_now = {address for address, reply in refused.items() if is_transient(reply[0])}
        losses = [] if with_html else ["text only"]
        losses += [
            f"not taken for {address}: {said(reply)}"
            for address, reply in refused.items()
            if address not in for_now
        ]
        return Receipt(
            delivery_id=delivery.delivery_id,
            destination=delivery.destination,
            message_id=message_id_of(delivery.delivery_id, self._domain),
            sent_at=self._clock(),
            degraded="; ".join(losses),
            refused_for_now=tuple(address for address in asked if address in for_now),
        )
