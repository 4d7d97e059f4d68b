"""The forms of one message, from full to bare: the next is tried when Slack refuses one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jobmon.digest import Delivery, DeliveryKind
from jobmon.errors import ContentError
from notifiers.slack.blocks import SlackMessage, root_message
from notifiers.slack.note import note_message
from notifiers.slack.plainly import note_plainly, root_plainly


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to say it, and what was lost."""

    message: SlackMessage
    metadata: dict[str, object] | None
    degraded: str = ""


EVENT_TYPE = "jobmon_delivery"


def metadata_of(delivery_id: str) -> dict[str, object]:
    """What marks a message as ours; anybody in the channel can read it, so an id only."""
    return {"event_type": EVENT_TYPE, "event_payload": {"delivery_id": delivery_id}}


def forms_of(delivery: Delivery) -> Iterator[Form]:
    """Full, without the mark, in plain sections, as text only."""
    full, simple = _messages(delivery)
    marked = metadata_of(delivery.delivery_id)
    yield Form(message=full, metadata=marked)
    yield Form(message=full, metadata=None, degraded="without delivery id")
    yield Form(message=simple, metadata=marked, degraded="plain sections")
    yield Form(message=replace(simple, blocks=()), metadata=None, degraded="text only")


def _messages(delivery: Delivery) -> tuple[SlackMessage, SlackMessage]:
    if delivery.kind is DeliveryKind.ROOT:
        return root_message(delivery.digest), root_plainly(delivery.digest)
    if delivery.note is None:
        msg = f"delivery {delivery.delivery_id} is a note without text: there is nothing to send"
        raise ContentError(msg)
    return note_message(delivery, delivery.note), note_plainly(delivery, delivery.note)
