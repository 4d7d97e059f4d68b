"""Answer people, and look them up: what commands and buttons need of Slack."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from http import HTTPStatus
from time import monotonic

from slack_sdk.webhook import WebhookClient, WebhookResponse

from jobmon.address import takes_answers
from jobmon.errors import NotAllowed, PermanentError, TransientError
from jobmon.settings import SlackSettings
from notifiers.slack.elements import Block, section
from notifiers.slack.errors import rate_limited
from notifiers.slack.limits import MAX_SECTION_TEXT
from notifiers.slack.web import TIMEOUT_SECONDS, silent_logger, translated, web_client
from notifiers.text import units

CUT = "… and more than fits here."
MEMBERS_KEPT = timedelta(minutes=5)


def fitting(text: str, limit: int = MAX_SECTION_TEXT) -> str:
    """As many whole lines as fit: a cut inside a line could end inside a link or an entity."""
    if units(text) <= limit:
        return text
    kept, room = [], limit - len(CUT)
    for line in text.splitlines():
        room -= units(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, CUT])


class SlackReplies:
    """Answers through `response_url`, and only at Slack's own hosts; or by a direct message."""

    def __init__(self, settings: SlackSettings) -> None:
        self._api_url = settings.api_url
        self._web = web_client(settings.api_url, settings.bot_token.reveal())

    def reply(
        self,
        response_url: str,
        text: str,
        *,
        blocks: Sequence[Block] = (),
        public: bool = False,
    ) -> None:
        """Send an answer, ephemeral unless it concerns others.

        Text without blocks, or whose blocks are refused, goes in a section: of text alone Slack
        makes links by itself.
        """
        if not takes_answers(response_url, api_url=self._api_url):
            raise NotAllowed("the address to answer to is not Slack's: nothing was sent to it")
        client = WebhookClient(
            response_url, timeout=TIMEOUT_SECONDS, retry_handlers=[], logger=silent_logger()
        )
        text = fitting(text)
        in_words = (section(text),)
        answer = _answered(client, text, blocks or in_words, public=public)
        if blocks and 400 <= answer.status_code < 500:  # noqa: PLR2004 (HTTP)
            answer = _answered(client, text, in_words, public=public)
        if answer.status_code >= 500:  # noqa: PLR2004 (HTTP)
            raise TransientError("Slack could not take the answer")
        if answer.status_code >= 400:  # noqa: PLR2004 (HTTP)
            raise PermanentError("Slack did not take the answer: its address has expired")

    def tell(self, user_id: str, text: str) -> None:
        """Post to the conversation between the app and a person, which Slack opens for it."""
        text = fitting(text)
        translated(
            user_id,
            lambda: self._web.chat_postMessage(
                channel=user_id, text=text, blocks=[section(text)], unfurl_links=False
            ),
        )


def _answered(
    client: WebhookClient, text: str, blocks: Sequence[Block], *, public: bool
) -> WebhookResponse:
    answer = translated(
        "",
        lambda: client.send(
            text=text,
            blocks=list(blocks),
            response_type="in_channel" if public else "ephemeral",
            unfurl_links=False,
        ),
    )
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        raise rate_limited(answer.headers)
    return answer


class SlackDirectory:
    """Looks people up; the members of a group are remembered for some minutes."""

    def __init__(self, settings: SlackSettings, *, clock: Callable[[], float] = monotonic) -> None:
        self._web = web_client(settings.api_url, settings.bot_token.reveal())
        self._clock = clock
        self._members: dict[str, tuple[float, frozenset[str]]] = {}

    def group_members(self, group_id: str) -> frozenset[str]:
        """The user ids of a user group."""
        until, members = self._members.get(group_id, (0.0, frozenset()))
        if self._clock() < until:
            return members
        answer = self._ask(lambda: self._web.usergroups_users_list(usergroup=group_id))
        members = frozenset(str(user) for user in _list(answer, "users"))
        self._members[group_id] = (self._clock() + MEMBERS_KEPT.total_seconds(), members)
        return members

    def email_of(self, user_id: str) -> str:
        """A user's mail address; empty when it is not visible."""
        answer = self._ask(lambda: self._web.users_info(user=user_id))
        user = answer.get("user")
        profile = user.get("profile") if isinstance(user, dict) else None
        return str(profile.get("email") or "") if isinstance(profile, dict) else ""

    def who_am_i(self) -> str:
        """The bot's name and team, which says that the token works."""
        answer = self._ask(self._web.auth_test)
        return f"{answer.get('user', 'a bot')} in {answer.get('team', 'a workspace')}"

    def _ask(self, call: Callable[[], object]) -> dict[str, object]:
        data = getattr(translated("", call), "data", {})
        return data if isinstance(data, dict) else {}


def _list(answer: dict[str, object], name: str) -> list[object]:
    value = answer.get(name)
    return value if isinstance(value, list) else []
