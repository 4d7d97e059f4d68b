"""A pretend Slack on loopback: stateful and strict, spoken to by the real SDK."""

from jobmon.demo.slack.faults import Fault, FaultKind
from jobmon.demo.slack.server import PretendSlack
from jobmon.demo.slack.team import Channel, Message

__all__ = ["Channel", "Fault", "FaultKind", "Message", "PretendSlack"]
