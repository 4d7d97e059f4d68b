"""What becomes of a sweep that cannot be done: the clock asks anew, so nothing of it is kept."""

from collections.abc import Collection
from datetime import datetime, timedelta

from jobmon.ports.queue import Lease
from workers.alarm import alarm
from workers.services import Services

ABOUT = "The search for failed runs"
ALARM_AFTER = timedelta(minutes=15)
ALARM_AT_MOST_EVERY = timedelta(hours=24)
FORGOTTEN_AFTER = timedelta(days=7)


def note_failed_sweep(
    services: Services, lease: Lease, reason: str, message_ids: Collection[str] | None = None
) -> None:
    """Count it and show its reason; say so where sweeps have failed for a while.

    The next one looks from where the last good one stopped.
    """
    now = services.now()
    services.queue.hold(lease)
    services.store.count("sweeps_failed")
    services.store.note_last(f"sweep_error:{lease.key}", f"{now.isoformat()} {reason}")
    began = services.store.remember_once(
        _since(lease.key), ttl=FORGOTTEN_AFTER, value=now.isoformat()
    )
    if began is not None and now - datetime.fromisoformat(began) >= ALARM_AFTER:
        _say(services, lease.key, reason, since=datetime.fromisoformat(began), now=now)
    if message_ids is None:
        services.queue.done(lease)
    else:
        services.queue.drop(lease, message_ids)


def note_good_sweep(services: Services, lease: Lease) -> None:
    """Sweeps are well again: the next trouble is news."""
    services.store.forget_once(_since(lease.key))
    services.store.forget_once(_said(lease.key))


def _say(services: Services, key: str, reason: str, *, since: datetime, now: datetime) -> None:
    if services.store.remember_once(_said(key), ttl=ALARM_AT_MOST_EVERY) is not None:
        return
    alarm(
        services,
        about=ABOUT if key == "default" else f"{ABOUT} in workspace {key}",
        text=(
            f"Failed runs that no webhook announces have not been looked for since "
            f"{since:%Y-%m-%d %H:%M} UTC.\n{reason}\n"
            "It is tried again every few minutes; `/readyz` says whether it works."
        ),
        now=now,
    )


def _since(key: str) -> str:
    return f"sweep-failing-since-{key}"


def _said(key: str) -> str:
    return f"sweep-failing-said-{key}"
