"""Failures that only sound alike stay apart: each is told for itself, with its own line."""

import pytest

from tests.flow.conftest import CHANNEL, World
from tests.flow.jobs import METASTORE, a_failed_run, let_fail

UNKNOWN_TO_RULES = (
    "orders.ledger.LedgerError: the books of May are closed",
    "crm.api.ListClosed: contact list 77 takes no more",
    "something broke in stage 4",
    "acme.pricing.PriceFault: no price for it",
)
EVERYDAY = ("TypeError: 'NoneType' object is not subscriptable", "Java heap space", "broken")
SEE_OUTPUT = "Workload failed"
NOT_READ = "could not read more than this"


def shown(world: World) -> list[str]:
    return [f"{message.text} {message.blocks}" for message in world.slack.messages(CHANNEL)]


def test_jobs_that_fail_with_what_no_rule_knows_are_told_one_by_one(world: World) -> None:
    let_fail(world, *(a_failed_run(job, 0, error) for job, error in enumerate(UNKNOWN_TO_RULES, 1)))

    messages = shown(world)
    assert len(messages) == len(UNKNOWN_TO_RULES)
    for message, error in zip(messages, UNKNOWN_TO_RULES, strict=True):
        assert error in message
        assert SEE_OUTPUT not in message
        assert NOT_READ not in message


def test_tasks_that_fail_with_what_no_rule_knows_are_causes_of_their_own(world: World) -> None:
    let_fail(world, a_failed_run(1, 0, *UNKNOWN_TO_RULES[:2]))

    (message,) = shown(world)
    assert all(error in message for error in UNKNOWN_TO_RULES[:2])
    assert "2 tasks:" not in message
    assert SEE_OUTPUT not in message
    assert SEE_OUTPUT not in str(world.mailbox.messages[-1].message)


@pytest.mark.parametrize("error", EVERYDAY)
def test_an_everyday_error_in_many_jobs_is_no_platform_incident(world: World, error: str) -> None:
    let_fail(world, *(a_failed_run(job, 0, error) for job in range(1, 5)))

    messages = shown(world)
    assert len(messages) == 4
    assert all(f"job_{job} failed" in message for job, message in enumerate(messages, 1))
    assert all(error in message for message in messages)


def test_what_many_jobs_share_is_a_platform_incident_all_the_same(world: World) -> None:
    let_fail(world, *(a_failed_run(job, 0, METASTORE) for job in range(1, 4)))

    assert "3 jobs failed" in shown(world)[-1]
