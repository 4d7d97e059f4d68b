"""A failure that came with new code says so, and code that cured it is remembered as the cure."""

from datetime import UTC, datetime

from tests.flow.conftest import CHANNEL, World
from tests.flow.jobs import MODULE, STARTED, a_failed_run, a_good_run, let_fail, let_succeed

GOOD, BAD, FIXED = "a" * 40, "b" * 40, "c" * 40


def shown(world: World) -> str:
    return str(world.slack.messages(CHANNEL)[-1].blocks)


def test_a_new_failure_of_new_code_is_new_since_its_deploy(world: World) -> None:
    let_succeed(world, a_good_run(7, 0, git_commit=GOOD))
    let_fail(world, a_failed_run(7, 1, git_commit=BAD))

    today = STARTED.date() == datetime.now(UTC).date()
    assert ("New since today's" if today else "New since the deploy of") in shown(world)
    assert f"deploy ({'b' * 8})" in shown(world) or f"UTC ({'b' * 8})" in shown(world)
    assert "New since" in world.mailbox.messages[0].raw.decode().replace("=\r\n", "")


def test_a_new_failure_of_code_that_was_good_is_only_new(world: World) -> None:
    let_succeed(world, a_good_run(7, 0, git_commit=GOOD))
    let_fail(world, a_failed_run(7, 1, git_commit=GOOD))

    assert "New: this job has not failed this way before" in shown(world)


def test_what_is_over_is_not_called_new(world: World) -> None:
    let_fail(world, a_failed_run(7, 1, "broken for once"))
    let_succeed(world, a_good_run(7, 2))

    message = f"{world.slack.messages(CHANNEL)[-1].blocks}"
    mail = world.mailbox.messages[-1].raw.decode().replace("=\r\n", "")
    for shown_now in (message, mail):
        assert "recovered" in shown_now
        assert "broken for once" in shown_now
        assert "has not failed this way" not in shown_now


def test_what_came_with_a_deploy_is_not_called_new_when_it_is_over(world: World) -> None:
    let_succeed(world, a_good_run(7, 0, git_commit=GOOD))
    let_fail(world, a_failed_run(7, 1, git_commit=BAD))
    let_succeed(world, a_good_run(7, 2, git_commit=BAD))

    mail = world.mailbox.messages[-1].raw.decode().replace("=\r\n", "")
    for shown_now in (shown(world), mail):
        assert "recovered" in shown_now
        assert "had failed" in shown_now
        assert "New since" not in shown_now


def test_the_next_failure_of_the_new_code_is_counted_since_its_deploy(world: World) -> None:
    let_succeed(world, a_good_run(7, 0, git_commit=GOOD))
    let_fail(world, a_failed_run(7, 1, git_commit=BAD), a_failed_run(7, 2, git_commit=BAD))

    assert "2nd time" in shown(world)
    assert "all since" in shown(world)


def test_the_last_good_run_is_asked_for_where_no_webhook_told_of_it(world: World) -> None:
    world.workspace.add(a_good_run(7, 0, git_commit=GOOD))
    let_fail(world, a_failed_run(7, 1, git_commit=BAD))

    assert "New since" in shown(world)


def test_the_line_says_in_how_many_of_the_runs_and_which_was_good_last(world: World) -> None:
    let_fail(world, a_failed_run(7, 0))
    let_succeed(world, a_good_run(7, 1), a_good_run(7, 2))
    let_fail(world, a_failed_run(7, 3))

    assert "2nd time in" in shown(world)
    assert "in 2 of 4 runs, last good run" in shown(world)
    assert "cured by the next run" in shown(world)


def test_code_that_cured_it_is_told_and_remembered(world: World) -> None:
    let_fail(world, a_failed_run(7, 0, MODULE, git_commit=BAD))
    let_succeed(world, a_good_run(7, 1, git_commit=FIXED))
    assert "Resolved by new code" in shown(world)

    let_fail(world, a_failed_run(7, 2, MODULE, git_commit=FIXED))

    assert "cured by new code" in shown(world)
