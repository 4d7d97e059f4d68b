"""`/healthz`, `/readyz`, `/metrics`: whether we live, whether we can do our work, how it goes."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app

from jobmon.readiness import problems_of
from webhook.absence import NO_ANSWER
from webhook.answers import answer
from webhook.intake import REDIS_AWAY
from webhook.metrics import metrics_text
from webhook.spool import Spool, SpoolFull
from webhook.state import State, state_of

blueprint = Blueprint("health", __name__)

Counters = Mapping[tuple[str, tuple[tuple[str, str], ...]], float]


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process lives; nothing else is asked."""
    return answer(200, status="ok")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Whether events are taken and worked on, with the numbers behind it."""
    report, ready = readiness(state_of(current_app), now=datetime.now(UTC))
    return answer(200 if ready else 503, status="ready" if ready else "not ready", **report)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Prometheus text format."""
    text = metrics_text(state_of(current_app))
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def readiness(state: State, *, now: datetime) -> tuple[dict[str, object], bool]:
    """Look at everything that has to be there; what is wrong stands in `problems`."""
    spooled = state.spool.depth()
    report: dict[str, object] = {
        "spool_depth": spooled,
        "spool_unreadable": state.spool.unreadable(),
    }
    try:
        state.queue.ping()
        state.tally.flush()
        pulse = state.queue.pulse()
        last = state.store.last_words()
        counters = state.store.counters()
    except REDIS_AWAY as exc:
        problems: tuple[str, ...] = (_of_redis(exc) + _of_spool(state.spool),)
        return {**report, "redis": type(exc).__name__, "problems": problems}, False
    problems = problems_of(pulse, spooled=spooled)
    report |= {
        "redis": "ok",
        "workers": sum(pulse.workers.values()),
        "scheduler": pulse.keeper,
        "queue_depth": pulse.mailboxes,
        "queue_age_seconds": pulse.oldest_waiting_seconds,
        "oldest_undelivered_seconds": pulse.oldest_undelivered_seconds,
        "dead_letters": pulse.dead_letters,
        "last_webhook": last.get("webhook"),
        "last_delivery": last.get("delivery"),
        "last_delivery_error": last.get("delivery_error"),
        "failed_runs": coverage(counters),
        "last_sweep": _by_workspace(last, "sweep:"),
        "last_sweep_error": _by_workspace(last, "sweep_error:"),
        "webhooks": _by_workspace(last, "webhooks:"),
        "now": now.isoformat(),
        "problems": problems,
    }
    return report, not problems


def _of_redis(error: Exception) -> str:
    return "Redis does not answer: " if isinstance(error, NO_ANSWER) else "Redis refuses to write: "


def _of_spool(spool: Spool) -> str:
    try:
        spool.require_room()
    except SpoolFull as exc:
        return f"events are refused: {exc}"
    return "events wait in the local spool"


def coverage(counters: Counters) -> dict[str, int]:
    """Failed runs that exist, as sweeps list them, and who found them."""
    by_webhook, by_sweep = (
        int(counters.get(("failed_runs_found", (("found_by", who),)), 0))
        for who in ("webhook", "sweep")
    )
    existing = int(counters.get(("failed_runs_existing", ()), 0))
    return {"existing": existing, "by_webhook": by_webhook, "by_sweep": by_sweep}


def _by_workspace(last: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): text for name, text in last.items() if name.startswith(prefix)
    }
