"""What is said when work is not taken."""

import pytest

from jobmon.ports.queue import Pulse, Urgency
from jobmon.readiness import problems_of


def a_pulse(*, soon: int = 1, bulk: int = 1) -> Pulse:
    return Pulse(
        workers={Urgency.SOON: soon, Urgency.BULK: bulk},
        keeper=True,
        mailboxes=0,
        oldest_waiting_seconds=None,
        oldest_undelivered_seconds=None,
        dead_letters=0,
    )


def test_all_is_well_with_a_worker_for_each_queue() -> None:
    assert problems_of(a_pulse()) == ()


@pytest.mark.parametrize(
    ("pulse", "command"),
    [(a_pulse(soon=0), "`jobmon worker soon`"), (a_pulse(bulk=0), "`jobmon worker bulk`")],
    ids=["soon", "bulk"],
)
def test_a_queue_without_a_worker_is_named_though_the_other_has_one(
    pulse: Pulse, command: str
) -> None:
    (problem,) = problems_of(pulse)

    assert problem.endswith(command)
