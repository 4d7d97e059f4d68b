"""A local page that shows the pretend Slack and the mailbox as a person would see them."""

from jobmon.demo.page.server import DemoPage

__all__ = ["DemoPage"]
