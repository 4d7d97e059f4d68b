"""What has to hold for events to be taken, worked on and told; and what is said when not."""

from jobmon.ports.queue import Pulse, Urgency

OLDEST_WAITING_SECONDS = 300
OLDEST_UNDELIVERED_SECONDS = 600
WORK = {Urgency.SOON: "what people wait for", Urgency.BULK: "sweeps and other bulk work"}


def problems_of(pulse: Pulse, *, spooled: int = 0) -> tuple[str, ...]:
    """Each thing that is wrong, in words that say what to do; empty when all is well.

    `spooled` events wait on this machine's disk although Redis has answered.
    """
    problems = [
        f"no worker takes {WORK[urgency]}: start `jobmon worker {urgency}`"
        for urgency in Urgency
        if not pulse.workers[urgency]
    ]
    if not pulse.keeper:
        problems.append("no scheduler runs: start `jobmon scheduler`")
    if (pulse.oldest_waiting_seconds or 0) > OLDEST_WAITING_SECONDS:
        problems.append("the oldest work has waited for more than five minutes")
    if spooled:
        problems.append(
            f"{spooled} events wait in the local spool although Redis answers: when that lasts, "
            "the log of the web process says why"
        )
    return tuple(problems)
