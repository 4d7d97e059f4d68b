"""One delivery as a mail: headers, plain text and HTML."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from jobmon.digest import Delivery
from jobmon.sender import Sender
from notifiers.email.headers import (
    from_of,
    message_id_of,
    own_headers,
    subject_of,
    thread_id_of,
)
from notifiers.email.html import html_of
from notifiers.email.plain import plain_of
from notifiers.standing import job_name_of
from notifiers.story import Room, story_of, summary_of
from notifiers.text import shorten

# 7bit: without it Python sends 8-bit bodies to servers that never said they take them.
POLICY = SMTP.clone(cte_type="7bit")
ROOM = Room(causes=10, excerpt_lines=12, line=300, sentence=600, background=8)
PREHEADER = 180


def mail_of(
    delivery: Delivery,
    *,
    sender: Sender,
    recipients: tuple[str, ...],
    domain: str,
    sent_at: datetime,
    follow_up: bool,
    with_html: bool = True,
) -> EmailMessage:
    """Build the mail; the same delivery gives the same Message-ID every time."""
    digest = delivery.digest
    mail = EmailMessage(policy=POLICY)
    mail["Subject"] = subject_of(delivery, follow_up=follow_up)
    mail["From"] = from_of(sender)
    mail["To"] = ", ".join(recipients)
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = message_id_of(delivery.delivery_id, domain)
    mail["In-Reply-To"] = mail["References"] = thread_id_of(digest, domain)
    for name, value in own_headers(digest, domain).items():
        mail[name] = value
    story = story_of(digest, room=ROOM)
    because = _because(delivery)
    mail.set_content(plain_of(story, sent_because=because))
    if with_html:
        preheader = shorten(summary_of(story), PREHEADER)
        html = html_of(story, preheader=preheader, sent_because=because)
        mail.add_alternative(html, subtype="html")
    return mail


def _because(delivery: Delivery) -> str:
    digest = delivery.digest
    if digest.is_alarm:
        return "Sent by jobmon about itself, to where it tells of failed runs."
    jobs = "these jobs" if digest.incident.members else job_name_of(digest)
    return f"Sent by jobmon, because a route sends failures of {jobs} to this address."
