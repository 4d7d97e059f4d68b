"""A mailbox on loopback that real SMTP clients can send to."""

from jobmon.demo.mailbox.server import Mailbox, Step
from jobmon.demo.mailbox.stored_mail import StoredMail

__all__ = ["Mailbox", "Step", "StoredMail"]
