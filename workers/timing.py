"""Durations for `/metrics`, in buckets that all processes add to."""

from datetime import timedelta

from workers.services import Services

BUCKETS = (0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)


def observe_seconds(services: Services, metric: str, duration: timedelta) -> None:
    """Add one duration to a histogram; never fails the caller."""
    seconds = max(0.0, duration.total_seconds())
    bucket = next((f"{edge:g}" for edge in BUCKETS if seconds <= edge), "+Inf")
    services.store.count(f"{metric}_bucket", le=bucket)
    services.store.count(f"{metric}_sum", seconds)
