"""Delivers digests to Slack: one root message an incident, edited from then on, and its thread."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Self

from jobmon.clock import utc_now
from jobmon.digest import Delivery, DeliveryKind, Note, Receipt
from jobmon.errors import (
    ContentError,
    CredentialError,
    DestinationError,
    DoubtfulError,
    JobmonError,
    TransientError,
)
from jobmon.settings import Settings
from notifiers.slack.client import SlackClient
from notifiers.slack.forms import Form, forms_of, metadata_of
from notifiers.slack.mrkdwn import escape
from notifiers.slack.note import needs_file, note_message
from notifiers.text import one_line, plain, shorten

MAX_FILE_NAME = 80

Send = Callable[[Form], tuple[str, str]]


class SlackNotifier:
    """Posts, edits and replies, once each; what Slack refuses is sent again in a plainer form.

    A destination's address is a channel id (`C…`); names work for public channels only, and not
    for files, so ids are what to configure.
    """

    name = "slack"

    def __init__(self, client: SlackClient, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._client = client
        self._clock = clock

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """With the bot token and API address of the settings."""
        return cls(SlackClient(settings.slack))

    def send(self, delivery: Delivery, *, root: Receipt | None) -> Receipt:
        """Post or edit the root message, or reply in its thread.

        Raises MessageGone when the message to edit or reply to no longer exists.
        """
        if delivery.kind is DeliveryKind.ROOT and root is not None:
            return self._deliver(delivery, self._edit(root))
        receipt = self._deliver(delivery, self._post(delivery, root))
        if delivery.note is None or not needs_file(delivery.note):
            return receipt
        return self._attach(
            delivery.note, receipt, delivery=delivery, thread=_thread(receipt, root)
        )

    def find(self, delivery: Delivery, *, root: Receipt | None, since: datetime) -> Receipt | None:
        """Look for the delivery's id in the channel, the thread or the root message.

        A note that is found without its file gets it now. Where the app may not read the channel,
        a root message is sent again rather than lost, and a note counts as sent rather than said
        twice.
        """
        try:
            found = self._found(delivery, root, since)
            if found is None:
                return None
            return self._completed(delivery, self._receipt(delivery, *found), root)
        except (CredentialError, DestinationError) as exc:
            if delivery.kind is DeliveryKind.ROOT:
                return None
            lost = f"perhaps not delivered: {exc}"
            return self._receipt(delivery, root.channel if root else "", "", degraded=lost)

    def _completed(self, delivery: Delivery, receipt: Receipt, root: Receipt | None) -> Receipt:
        note = delivery.note
        if note is None or not needs_file(note):
            return receipt
        thread, after = _thread(receipt, root), receipt.message_id
        if self._client.has_file(receipt.channel, _file_name(note), thread=thread, after=after):
            return receipt
        return self._attach(note, receipt, delivery=delivery, thread=thread)

    def _found(
        self, delivery: Delivery, root: Receipt | None, since: datetime
    ) -> tuple[str, str] | None:
        wanted = delivery.delivery_id
        if root is None:
            channel = delivery.destination.address
            ts = self._client.find(channel, wanted, since=since)
            return (channel, ts) if ts else None
        if delivery.kind is DeliveryKind.ROOT:
            edited = self._client.carries(root.channel, root.message_id, wanted)
            return (root.channel, root.message_id) if edited else None
        ts = self._client.find(root.channel, wanted, since=since, thread=root.message_id)
        return (root.channel, ts) if ts else None

    def _deliver(self, delivery: Delivery, send: Send) -> Receipt:
        refusal = ContentError("Slack refuses every form of this message")
        for form in forms_of(delivery):
            try:
                channel, ts = send(form)
            except ContentError as exc:
                refusal = exc
            else:
                return self._receipt(delivery, channel, ts, degraded=form.degraded)
        raise refusal

    def _post(self, delivery: Delivery, root: Receipt | None) -> Send:
        channel = root.channel if root else delivery.destination.address
        thread = root.message_id if root else ""
        broadcast = bool(thread) and delivery.broadcast
        return lambda form: self._client.post(
            channel, form.message, metadata=form.metadata, thread=thread, broadcast=broadcast
        )

    def _edit(self, root: Receipt) -> Send:
        return lambda form: self._client.update(
            root.channel, root.message_id, form.message, metadata=form.metadata
        )

    def _attach(self, note: Note, receipt: Receipt, *, delivery: Delivery, thread: str) -> Receipt:
        """Upload after the message: an upload is several calls, none of them safe to repeat.

        Raises DoubtfulError when Slack asks to wait with the file; `find` completes the note then.
        """
        name = _file_name(note)
        text = plain(note.attachment)
        try:
            self._client.upload(receipt.channel, thread=thread, name=name, text=text)
        except JobmonError as exc:
            if isinstance(exc, TransientError) and exc.retry_after:
                # The note is sent: it is looked up before its file is tried again.
                raise DoubtfulError(str(exc), retry_after=exc.retry_after) from exc
            lost = f"could not attach {name}: {exc}"
        else:
            return receipt
        said = note_message(
            delivery, replace(note, text=f"{note.text}\n({escape(lost) if note.markup else lost})")
        )
        metadata = metadata_of(delivery.delivery_id)
        try:
            self._client.update(receipt.channel, receipt.message_id, said, metadata=metadata)
        except JobmonError:
            lost += ", nor say so in the thread"
        losses = (receipt.degraded, lost)
        return replace(receipt, degraded="; ".join(loss for loss in losses if loss))

    def _receipt(self, delivery: Delivery, channel: str, ts: str, *, degraded: str = "") -> Receipt:
        return Receipt(
            delivery_id=delivery.delivery_id,
            destination=delivery.destination,
            channel=channel,
            message_id=ts,
            sent_at=self._clock(),
            degraded=degraded,
        )


def _thread(receipt: Receipt, root: Receipt | None) -> str:
    """Where a note's file goes: a note without a root is the head of its thread."""
    return root.message_id if root else receipt.message_id


def _file_name(note: Note) -> str:
    return shorten(one_line(note.attachment_name) or "error.txt", MAX_FILE_NAME)
