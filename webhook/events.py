"""`POST /webhooks/databricks`: authenticate, parse, keep, answer. Nothing else."""

from collections.abc import Sequence
from datetime import UTC, datetime

import structlog
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from jobmon.errors import InvalidPayload, TransientError
from jobmon.settings import WorkspaceSettings
from webhook.answers import answer, problem
from webhook.auth import CHALLENGE, is_authentic
from webhook.body import NothingToDo, run_event_from
from webhook.state import state_of

log = structlog.get_logger()
blueprint = Blueprint("events", __name__)


@blueprint.post("/webhooks/databricks", strict_slashes=False)
@blueprint.post("/webhooks/databricks/<workspace>", strict_slashes=False)
def take_event(workspace: str | None = None) -> Response:
    """Take one Databricks notification."""
    state = state_of(current_app)
    if not is_authentic(request.headers.get("Authorization"), state.settings.webhook):
        log.info("webhook.refused", reason="not authenticated")
        return problem(
            401, "authenticate with the webhook's user name and password", challenge=CHALLENGE
        )
    raw = _body()
    try:
        event = run_event_from(raw, received_at=datetime.now(UTC))
        if isinstance(event, NothingToDo):
            log.info("webhook.ignored", reason=event.reason)
            return answer(200, status="ignored", reason=event.reason)
        taken = state.intake.take(event)
    except InvalidPayload as exc:
        log.warning("webhook.unreadable", field=exc.field)
        return problem(400, str(exc), field=exc.field)
    except TransientError as exc:
        log.error("webhook.not_taken", reason=str(exc))  # noqa: TRY400 (handled: no trace wanted)
        return problem(503, str(exc), retry_after=30)
    if _is_misaddressed(workspace, event.workspace_id, state.settings.workspaces):
        log.warning("webhook.misaddressed", address=workspace, workspace_id=event.workspace_id)
    state.tally.note(taken.value, datetime.now(UTC))
    log.info("webhook.taken", kind=event.kind, run_id=event.job_run_id, outcome=taken)
    return answer(202, status=taken, run_id=event.job_run_id)


def _body() -> bytes:
    """The raw body; what comes in chunks has no length to look at before it is read."""
    limit = request.max_content_length
    if limit is None:
        return request.get_data(cache=False)
    request.max_content_length = limit + 1  # one byte more tells "as large as" from "larger"
    raw = request.get_data(cache=False)
    if len(raw) > limit:
        raise RequestEntityTooLarge
    return raw


def _is_misaddressed(
    name: str | None, workspace_id: int, workspaces: Sequence[WorkspaceSettings]
) -> bool:
    """Whether the address names another workspace than the event's, or none of `jobmon.toml`.

    The event is taken all the same: it says itself where it comes from, and whoever refuses it
    loses it.
    """
    tables = [item for item in workspaces if item.in_file]
    if name is None or not tables:
        return False
    return not any(
        item.name == name and item.workspace_id in (None, workspace_id) for item in tables
    )
