"""One delivery as a mail: headers, plain text, HTML, and a note's attachment."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from jobmon.digest import Delivery, Note
from notifiers.email.headers import (
    message_id_of,
    own_headers,
    subject_of,
    thread_id_of,
)
from notifiers.email.html import html_of
from notifiers.email.plain import plain_note, plain_of
from notifiers.slack.note import plain_text_of
from notifiers.standing import job_name_of
from notifiers.story import Room, Story, story_of, summary_of
from notifiers.text import one_line, plain, shorten

# 7bit: without it Python sends 8-bit bodies to servers that never said they take them.
POLICY = SMTP.clone(cte_type="7bit")
ROOM = Room(causes=10, excerpt_lines=12, line=300, sentence=600, background=8)
MAX_NOTE = 4000
MAX_ATTACHMENT = 1_000_000
MAX_FILE_NAME = 80
PREHEADER = 180


def mail_of(
    delivery: Delivery,
    *,
    sender: str,
    recipients: tuple[str, ...],
    domain: str,
    sent_at: datetime,
    follow_up: bool,
    with_html: bool = True,
) -> EmailMessage:
    """Build the mail; the same delivery gives the same Message-ID every time."""
    digest, note = delivery.digest, delivery.note
    mail = EmailMessage(policy=POLICY)
    mail["Subject"] = subject_of(delivery, follow_up=follow_up)
    mail["From"] = sender
    mail["To"] = ", ".join(recipients)
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = message_id_of(delivery.delivery_id, domain)
    mail["In-Reply-To"] = mail["References"] = thread_id_of(digest, domain)
    for name, value in own_headers(digest, domain).items():
        mail[name] = value
    story = story_of(digest, room=ROOM)
    because = _because(delivery)
    if note is None:
        mail.set_content(plain_of(story, sent_because=because))
        preheader = shorten(summary_of(story), PREHEADER)
        html = html_of(story, preheader=preheader, sent_because=because)
    else:
        mail.set_content(_plain_note(story, note, because))
        html = _html_note(story, note, because)
    if with_html:
        mail.add_alternative(html, subtype="html")
    if note and note.attachment:
        _attach(mail, note)
    return mail


def _plain_note(story: Story, note: Note, because: str) -> str:
    headline = f"{story.sign} {story.headline}"
    text = shorten(plain_text_of(note), MAX_NOTE)
    return plain_note(headline, text, run_url=story.run_url, sent_because=because)


def _html_note(story: Story, note: Note, because: str) -> str:
    text = shorten(plain_text_of(note), MAX_NOTE)
    preheader = shorten(one_line(text), PREHEADER)
    lines = tuple(text.split("\n"))
    return html_of(story, preheader=preheader, sent_because=because, note=lines)


def _attach(mail: EmailMessage, note: Note) -> None:
    name = shorten(one_line(note.attachment_name) or "error.txt", MAX_FILE_NAME)
    mail.add_attachment(shorten(plain(note.attachment), MAX_ATTACHMENT), filename=name)


def _because(delivery: Delivery) -> str:
    job = job_name_of(delivery.digest)
    return f"Sent by jobmon, because a route sends failures of {job} to this address."
