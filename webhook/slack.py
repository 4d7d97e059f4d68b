"""`POST /slack/…`: verify the raw body, read what was asked, queue it, acknowledge.

Every answer goes out within milliseconds; the work is done by workers, which answer through the
`response_url` or in the incident's thread.
"""

from datetime import UTC, datetime

import structlog
from flask import Blueprint, Response, current_app, request

from webhook.answers import answer, problem
from webhook.asked import Asked, Said, asked_by_click, asked_by_command
from webhook.intake import REDIS_AWAY
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
    return _respond(state, asked_by_command(request.form, now=datetime.now(UTC)))


@blueprint.post("/slack/interactions")
def interaction() -> Response:
    """Take one click on a message's button or menu."""
    state = state_of(current_app)
    if not _is_from_slack(state):
        return problem(401, "the request is not signed by Slack")
    return _respond(state, asked_by_click(request.form.get("payload", ""), now=datetime.now(UTC)))


@blueprint.post("/slack/events")
def event() -> Response:
    """Answer the address check of the Events API; other events are acknowledged."""
    state = state_of(current_app)
    if not _is_from_slack(state):
        return problem(401, "the request is not signed by Slack")
    body = request.get_json(force=True, silent=True)
    if isinstance(body, dict) and isinstance(body.get("challenge"), str):
        return answer(200, challenge=body["challenge"])
    return Response(status=200)


def _is_from_slack(state: State) -> bool:
    raw = request.get_data(cache=True)  # before the form is parsed, or it would be empty
    signed = is_signed(
        raw,
        timestamp=request.headers.get("X-Slack-Request-Timestamp"),
        signature=request.headers.get("X-Slack-Signature"),
        secrets=state.settings.slack.signing_secrets,
        now=datetime.now(UTC),
    )
    if not signed:
        log.info("slack.refused", reason="not signed")
    return signed


def _respond(state: State, asked: Asked | Said) -> Response:
    """Queue what was asked and say so; or say what to do instead."""
    if isinstance(asked, Said):
        return _ephemeral(asked.text)
    try:
        first = state.store.remember_once(
            f"asked-{asked.action.action_id}", ttl=asked.once_for, value=asked.action.actor.user_id
        )
        if first is not None:
            by = "you" if first == asked.action.actor.user_id else f"<@{first}>"
            return _ephemeral(f"That was asked already, by {by}.")
        state.queue.put(asked.message)
    except REDIS_AWAY:
        log.error("slack.not_taken", reason="redis is away")  # noqa: TRY400
        return _ephemeral(
            "jobmon cannot reach its Redis at the moment. Nothing was done; try again."
        )
    log.info("slack.taken", action=asked.action.kind.value, user=asked.action.actor.user_id)
    return _ephemeral(asked.acknowledgement) if asked.acknowledgement else Response(status=200)


def _ephemeral(text: str) -> Response:
    return answer(200, response_type="ephemeral", text=text) if text else Response(status=200)
