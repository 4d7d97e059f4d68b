"""What the use cases need to answer people, and to know who they are."""

from collections.abc import Sequence
from typing import Protocol


class Replies(Protocol):
    """Answers the person who typed a command or clicked a button."""

    def reply(
        self,
        response_url: str,
        text: str,
        *,
        blocks: Sequence[dict[str, object]] = (),
        public: bool = False,
    ) -> None:
        """Answer through Slack's `response_url`; `text` is Slack's mrkdwn, already escaped.

        `blocks` are shown instead of it; where Slack refuses them, the text is. Nothing in either
        becomes a link by itself.

        Raises PermanentError when the address is not Slack's or has expired, TransientError when
        Slack could not be reached or asks to wait, DoubtfulError when its answer was lost or
        garbled.
        """

    def tell(self, user_id: str, text: str) -> None:
        """Tell a person by a direct message, which waits for them; `text` is Slack's mrkdwn.

        Raises PermanentError when Slack does not take it, TransientError and DoubtfulError as
        `reply` does.
        """


class Directory(Protocol):
    """Who people are."""

    def group_members(self, group_id: str) -> frozenset[str]:
        """The user ids of a Slack user group."""

    def email_of(self, user_id: str) -> str:
        """The mail address of a Slack user; empty when it is not visible."""
