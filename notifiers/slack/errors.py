"""Slack's answers, sorted by what the caller can do about them.

https://docs.slack.dev/reference/methods/chat.postMessage#errors. A string this version does not
know is permanent for this message: repeating it would not change Slack's mind.
"""

import re
import socket
from datetime import timedelta
from http import HTTPStatus
from ssl import SSLCertVerificationError
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

from jobmon.errors import (
    ContentError,
    CredentialError,
    DestinationError,
    DoubtfulError,
    JobmonError,
    MessageGone,
    PermanentError,
    TransientError,
)

RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
DOUBTFUL = frozenset({"internal_error", "fatal_error"})
"""Slack says of these: some aspect of the operation may have succeeded."""
TRANSIENT = frozenset(
    {"service_unavailable", "request_timeout", "org_login_required", "team_added_to_org"}
)
CREDENTIAL = frozenset(
    {
        "access_denied",
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
DESTINATION = {
    "channel_not_found": "check the channel id; a private channel needs /invite @jobmon",
    "not_in_channel": "write /invite @jobmon in the channel",
    "is_archived": "unarchive the channel or choose another",
    "ekm_access_denied": "the workspace's key management refuses access",
    "messages_tab_disabled": "choose a channel instead of a direct message",
    "team_access_not_granted": "install the app in the channel's workspace",
    "team_not_found": "use the channel's id instead of its name",
}
GONE = frozenset(
    {
        "block_mismatch",
        "cant_update_message",
        "edit_window_closed",
        "is_inactive",
        "message_not_found",
        "no_dual_broadcast_content_update",
        "thread_not_found",
    }
)
CONTENT = frozenset(
    {
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_must_be_sent_from_app",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
    }
)

_CODE = re.compile(r"[a-z0-9_]{1,60}")
_NEVER_SENT = (ConnectionRefusedError, socket.gaierror, SSLCertVerificationError)
_DEFAULT_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)


def from_answer(error: SlackApiError, *, channel: str) -> JobmonError:
    """Translate an answer that is not `ok`; nothing of the request goes into the message."""
    response = error.response
    status = int(getattr(response, "status_code", 0) or 0)
    code = str(response.get("error", "")) if isinstance(response.data, dict) else ""
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in RATE_LIMITED:
        return rate_limited(response.headers)
    if not _CODE.fullmatch(code):
        return DoubtfulError(f"Slack answered HTTP {status} without saying what became of it")
    return _from_code(code, status=status, channel=channel, detail=_detail(error))


def rate_limited(headers: object) -> TransientError:
    """Slack's 429, with the time that its headers ask to wait."""
    return TransientError("Slack asks to send less", retry_after=_wait(headers))


def from_failure(error: OSError) -> JobmonError:
    """Translate a connection that failed: surely before anything was sent, or perhaps after."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, SSLCertVerificationError):
        return TransientError(
            "Slack's certificate is not trusted here; check proxy and CA settings"
        )
    if isinstance(error, URLError) and isinstance(reason, _NEVER_SENT):
        return TransientError("Slack can't be reached from here; check network and proxy")
    return DoubtfulError("the connection to Slack broke before its answer came")


def _from_code(code: str, *, status: int, channel: str, detail: str) -> JobmonError:
    if code in TRANSIENT:
        return TransientError(f"Slack is not available ({code})")
    if code in DOUBTFUL or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return DoubtfulError(f"Slack failed while taking the message ({code})")
    if code in CREDENTIAL:
        return CredentialError(
            f"Slack refuses our token ({code}{detail}); check SLACK_BOT_TOKEN and the app's scopes"
        )
    return _refusal(code, channel=channel)


def _refusal(code: str, *, channel: str) -> JobmonError:
    if code in GONE:
        return MessageGone(f"the message in {channel} can't be edited or replied to ({code})")
    if code in DESTINATION or code.startswith("restricted_action"):
        hint = DESTINATION.get(code, "the workspace's settings forbid posting there")
        return DestinationError(f"Slack can't post to {channel} ({code}): {hint}")
    if code in CONTENT:
        return ContentError(f"Slack refuses the message's content ({code})")
    return PermanentError(f"Slack refuses this message ({code}); see Slack's method documentation")


def _detail(error: SlackApiError) -> str:
    needed = str(error.response.get("needed", ""))
    return f", needs {needed}" if re.fullmatch(r"[a-z:.,_]{1,80}", needed) else ""


def _wait(headers: object) -> timedelta:
    values = {str(key).lower(): value for key, value in dict(headers or {}).items()}  # type: ignore[call-overload]
    seconds = str(values.get("retry-after", ""))
    wait = timedelta(seconds=int(seconds)) if seconds.isdigit() else _DEFAULT_WAIT
    return min(wait, _LONGEST_WAIT)
