"""What `/metrics` shows: counters that all processes add to, and gauges read now."""

from collections import defaultdict

import redis.exceptions
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from webhook.state import State

HELP = {
    "events": "Webhook events by what became of them.",
    "diagnoses": "Diagnosed task failures by category.",
    "deliveries": "Deliveries by kind of destination and outcome.",
    "dead_letters": "Messages given up on, by kind of work.",
    "actions": "What people asked for, by kind and whether it was done.",
    "sweeps": "Finished sweeps.",
    "sweep_failed_runs_listed": "Failed runs that sweeps saw.",
    "sweep_failed_runs_found": "Failed runs that no webhook had announced.",
}


def metrics_text(state: State) -> bytes:
    """All metrics in Prometheus' text format; without Redis only what this process knows."""
    registry = CollectorRegistry()
    families = [_gauge("spool_depth", "Events in the local spool.", state.spool.depth())]
    try:
        state.tally.flush()
        families += _counters(state) + _gauges(state)
        up = 1
    except redis.exceptions.RedisError:
        up = 0
    families.append(_gauge("redis_up", "Whether Redis answered.", up))
    registry.register(_Families(families))
    return generate_latest(registry)


class _Families:
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        return self._families


def _counters(state: State) -> list[Metric]:
    by_name: dict[str, list[tuple[tuple[tuple[str, str], ...], float]]] = defaultdict(list)
    for (name, labels), value in state.store.counters().items():
        by_name[name].append((labels, value))
    families: list[Metric] = []
    for name, rows in sorted(by_name.items()):
        names = [label for label, _ in rows[0][0]]
        family = CounterMetricFamily(f"jobmon_{name}", HELP.get(name, name), labels=names)
        for labels, value in rows:
            family.add_metric([dict(labels).get(label, "") for label in names], value)
        families.append(family)
    return families


def _gauges(state: State) -> list[Metric]:
    pulse = state.queue.pulse()
    return [
        _gauge("workers", "Workers that gave a sign of life.", pulse.workers),
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
