"""`POST /slack/…`: verify the raw body, read what was asked, queue it, acknowledge.

Every request is answered in time for Slack, which waits for three seconds; the work is done by
workers, which answer through the `response_url` and in the incident's thread.
"""

from datetime import UTC, datetime
from functools import partial

import structlog
from flask import Blueprint, Response, current_app, request

from webhook.answers import answer, problem
from webhook.asked import asked_by_click, asked_by_command, read_payload, take
from webhook.signature import is_signed
from webhook.state import State, state_of

log = structlog.get_logger()
blueprint = Blueprint("slack", __name__)


@blueprint.post("/slack/commands")
def command() -> Response:
    """Take one `/jobmon` command."""
    state = state_of(current_app)
    if not _is_from_slack(state):
        return problem(401, "the request is not signed by Slack")
    if request.form.get("ssl_check"):
        return Response(status=200)
    asked = asked_by_command(request.form, now=datetime.now(UTC))
    text = take(state.queue, asked, state.in_time)
    return answer(200, response_type="ephemeral", text=text) if text else Response(status=200)


@blueprint.post("/slack/interactions")
def interaction() -> Response:
    """Take one click on a message's button or menu."""
    state = state_of(current_app)
    if not _is_from_slack(state):
        return problem(401, "the request is not signed by Slack")
    payload = read_payload(request.form.get("payload", ""))
    asked = asked_by_click(payload, now=datetime.now(UTC))
    state.aside(asked, take(state.queue, asked, state.in_time))
    return Response(status=200)


@blueprint.post("/slack/events")
def event() -> Response:
    """Answer the address check of the Events API; other events are acknowledged."""
    state = state_of(current_app)
    if not _is_from_slack(state):
        return problem(401, "the request is not signed by Slack")
    body = read_payload(request.get_data(as_text=True))
    if isinstance(body, dict) and isinstance(body.get("challenge"), str):
        return answer(200, challenge=body["challenge"])
    return Response(status=200)


def _is_from_slack(state: State) -> bool:
    signed = is_signed(
        partial(request.get_data, cache=True),  # before the form is parsed, or it would be empty
        timestamp=request.headers.get("X-Slack-Request-Timestamp"),
        signature=request.headers.get("X-Slack-Signature"),
        secrets=state.settings.slack.signing_secrets,
        now=datetime.now(UTC),
    )
    if not signed:
        log.info("slack.refused", reason="not signed")
    return signed
