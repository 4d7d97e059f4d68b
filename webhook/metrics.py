"""What `/metrics` shows: counters that all processes add to, and gauges read now."""

from collections import defaultdict
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from webhook.intake import REDIS_AWAY
from webhook.state import State

HELP = {
    "events": "Webhook events by what became of them.",
    "diagnoses": "Diagnosed task failures by category.",
    "deliveries": "Deliveries by kind of destination, outcome and kind of error.",
    "dead_letters": "Messages given up on, by kind of work.",
    "actions": "What people asked for, by kind and whether it was done.",
    "sweeps": "Finished sweeps.",
    "sweeps_failed": "Sweeps that were given up.",
    "sweep_runs_listed": "Runs that sweeps listed.",
    "failed_runs_existing": "Failed runs that exist, each counted once.",
    "failed_runs_found": "Failed runs by who found them: a webhook, or the sweep.",
    "rate_limit_waits": "Calls that waited for a vendor's rate limit.",
    "rate_limit_wait_seconds": "How long calls waited for a vendor's rate limit.",
    "rate_limit_pauses": "Times that a vendor asked to be left alone for a while.",
}
HISTOGRAMS = {"diagnosis_seconds": "From the event to its complete diagnosis."}

Labels = tuple[tuple[str, str], ...]


def metrics_text(state: State) -> bytes:
    """All metrics in Prometheus' text format; without Redis only what this process knows."""
    registry = CollectorRegistry()
    families = [_gauge("spool_depth", "Events in the local spool.", state.spool.depth())]
    try:
        state.queue.ping()
        state.tally.flush()
        families += [*_counted(state), *_gauges(state)]
        up = 1
    except REDIS_AWAY:
        up = 0
    families.append(_gauge("redis_up", "Whether Redis takes what it is told.", up))
    registry.register(_Families(families))
    return generate_latest(registry)


class _Families:
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        return self._families


def _counted(state: State) -> Iterable[Metric]:
    rows: dict[str, list[tuple[Labels, float]]] = defaultdict(list)
    for (name, labels), value in state.store.counters().items():
        rows[name].append((labels, value))
    for name, text in HISTOGRAMS.items():
        if f"{name}_sum" in rows:
            yield _histogram(name, text, rows.pop(f"{name}_bucket", []), rows.pop(f"{name}_sum"))
    yield _gauge(
        "unclassified_share",
        "Share of diagnosed failures that no rule recognised.",
        _share(rows.get("diagnoses", []), "unknown"),
    )
    for name in sorted(rows):
        yield _counter(name, rows[name])


def _counter(name: str, rows: list[tuple[Labels, float]]) -> Metric:
    names = list(dict.fromkeys(label for labels, _ in rows for label, _ in labels))
    family = CounterMetricFamily(f"jobmon_{name}", HELP.get(name, name), labels=names)
    for labels, value in rows:
        family.add_metric([dict(labels).get(label, "") for label in names], value)
    return family


def _histogram(
    name: str, text: str, buckets: list[tuple[Labels, float]], total: list[tuple[Labels, float]]
) -> Metric:
    """Our buckets hold what fell into each; Prometheus wants what fell below each edge."""
    by_edge = {dict(labels).get("le", "+Inf"): value for labels, value in buckets}
    edges = sorted(by_edge.keys() - {"+Inf"}, key=float)
    below, cumulated = 0.0, []
    for edge in [*edges, "+Inf"]:
        below += by_edge.get(edge, 0)
        cumulated.append((edge, below))
    family = HistogramMetricFamily(f"jobmon_{name}", text)
    family.add_metric([], cumulated, sum_value=sum(value for _, value in total))
    return family


def _share(rows: list[tuple[Labels, float]], category: str) -> float:
    total = sum(value for _, value in rows)
    named = sum(value for labels, value in rows if ("category", category) in labels)
    return named / total if total else 0.0


def _gauges(state: State) -> list[Metric]:
    pulse = state.queue.pulse()
    return [
        _gauge("workers", "Workers that gave a sign of life.", sum(pulse.workers.values())),
        _gauge("scheduler_up", "Whether a scheduler gave a sign of life.", int(pulse.keeper)),
        _gauge("mailboxes", "Mailboxes with work in them.", pulse.mailboxes),
        _gauge("queue_age_seconds", "Age of the oldest work.", pulse.oldest_waiting_seconds or 0),
        _gauge(
            "undelivered_age_seconds",
            "Age of the oldest message not delivered.",
            pulse.oldest_undelivered_seconds or 0,
        ),
        _gauge("dead_letters_kept", "Dead letters to look at.", pulse.dead_letters),
    ]


def _gauge(name: str, text: str, value: float) -> Metric:
    family = GaugeMetricFamily(f"jobmon_{name}", text)
    family.add_metric([], value)
    return family
