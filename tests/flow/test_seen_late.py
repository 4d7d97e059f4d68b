"""A failure of which jobmon hears only after the job is well again: one message says both."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from jobmon.clock import utc_now
from jobmon.demo.slack import Message
from jobmon.settings import Route
from tests.flow.conftest import CHANNEL, World
from tests.flow.jobs import MODULE, a_failed_run, a_good_run, let_fail, let_succeed
from tests.flow.sweeping import sweep
from tests.flow.telling import messages
from workers.services import install

CALLED = "U0123456789"


def told(world: World) -> Message:
    (message,) = messages(world)
    return message


def said_below(world: World) -> list[str]:
    """The lines of the thread, without the files."""
    thread = world.slack.thread(told(world).ts)
    return [line.text for line in thread if not line.text.startswith("The full error")]


def by_webhook(world: World) -> None:
    let_fail(world, a_failed_run(7, 1, MODULE))


def by_sweep(world: World) -> None:
    world.workspace.add(a_failed_run(7, 1, MODULE))
    sweep(world)


@pytest.mark.parametrize("seen", [by_webhook, by_sweep])
def test_a_failure_seen_after_the_success_is_told_once_as_recovered(
    world: World, seen: Callable[[World], None]
) -> None:
    let_succeed(world, a_good_run(7, 10))

    seen(world)

    (mail,) = world.mailbox.messages
    assert "job_7 recovered" in told(world).text
    assert "Resolved by the next run after 9 min" in str(told(world).blocks)
    assert "holidays" in str(told(world).blocks)
    assert "New: this job" not in str(told(world).blocks)
    assert said_below(world) == []
    assert "job_7 recovered" in str(mail.message)


def test_a_failure_and_the_success_after_it_that_one_sweep_lists_are_told_once(
    world: World,
) -> None:
    world.workspace.add(a_failed_run(7, 1, MODULE))
    world.workspace.add(a_good_run(7, 5))
    world.workspace.add(a_good_run(7, 10))

    sweep(world)

    assert "job_7 recovered" in told(world).text
    assert "Resolved by the next run after 9 min" in str(told(world).blocks)
    assert said_below(world) == []


def test_what_a_sweep_lists_of_other_jobs_ends_no_failure(world: World) -> None:
    world.workspace.add(a_good_run(7, 1))
    world.workspace.add(a_failed_run(7, 5, MODULE))
    world.workspace.add(a_good_run(8, 10))

    sweep(world)

    assert "job_7 failed" in told(world).text


def test_nobody_is_called_for_a_failure_that_is_over(world: World) -> None:
    route = Route(destinations=(f"slack:{CHANNEL}",), mentions=(CALLED,))
    world.change_settings(routes=(route,))
    let_succeed(world, a_good_run(7, 10))

    let_fail(world, a_failed_run(7, 1))

    assert CALLED not in str(told(world))


def test_a_regression_seen_after_the_success_is_one_line_that_says_so(world: World) -> None:
    let_fail(world, a_failed_run(7, 1))
    let_succeed(world, a_good_run(7, 5), a_good_run(7, 15))

    let_fail(world, a_failed_run(7, 10))

    recovery, again = said_below(world)
    assert recovery.startswith("Resolved by")
    assert again.startswith("It failed again after it had been resolved. Resolved by the next run")
    assert "job_7 recovered" in told(world).text


def test_a_failure_soon_after_the_recovery_is_a_regression_though_it_is_seen_days_later(
    world: World,
) -> None:
    let_fail(world, a_failed_run(7, 1))
    let_succeed(world, a_good_run(7, 5))
    install(replace(world.services, now=lambda: utc_now() + timedelta(days=2)))

    let_fail(world, a_failed_run(7, 10))

    _, again = said_below(world)
    assert again == "It failed again after it had been resolved."
