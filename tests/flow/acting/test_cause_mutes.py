"""`mute --cause`: what many jobs fail with is muted in all of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jobmon.action import Permission
from jobmon.settings import MuteRule
from tests.flow.acting.conftest import ANA, BO, EVERYTHING, Desk
from tests.flow.conftest import CHANNEL
from tests.flow.jobs import METASTORE, MODULE, a_failed_run, a_good_run, let_fail, let_succeed


def roots(desk: Desk) -> list[str]:
    return [message.text for message in desk.world.slack.messages(CHANNEL)]


def cause_id(desk: Desk) -> str:
    (mute,) = desk.services.store.cause_mutes()
    return mute.cause_id


def muted_by(desk: Desk, job: str) -> str:
    return next(item.muted_by for item in desk.services.store.incidents() if item.job_name == job)


def test_other_jobs_with_the_cause_are_not_heard(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1))
    desk.types("mute --cause for 4h")
    assert "muted this cause in all jobs" in desk.thread[-1]
    assert "🔇" in desk.root.text

    let_fail(desk.world, *(a_failed_run(job) for job in range(2, 7)))

    assert len(roots(desk)) == 1
    assert len(desk.world.mailbox.messages) == 1
    assert len(desk.services.store.incidents()) == 6


def test_nothing_but_a_pointer_to_the_output_mutes_no_other_job(desk: Desk) -> None:
    pointer = "Workload failed, see run output for details"
    let_fail(desk.world, a_failed_run(1, 0, pointer))
    desk.types("mute --cause for 4h")
    let_fail(desk.world, a_failed_run(2, 0, pointer))

    assert not desk.services.store.cause_mutes()
    assert any("job_2 failed" in text for text in roots(desk))


def test_another_cause_is_heard_and_told_with_everything(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1))
    desk.types("mute --cause until changed")
    let_fail(desk.world, a_failed_run(2))
    let_fail(desk.world, a_failed_run(2, 1, MODULE))

    assert len(roots(desk)) == 2
    assert "job_2 failed" in roots(desk)[-1]


def test_open_incidents_that_fail_with_nothing_else_are_muted_too(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1), a_failed_run(2), a_failed_run(3, 0, METASTORE, MODULE))
    desk.types("mute job_1 --cause for 4h")

    assert [text.split()[0] for text in roots(desk)] == ["🔇", "🔇", "❌"]


def test_what_is_muted_is_listed_and_can_be_heard_again(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1), a_failed_run(2, 0, MODULE))
    desk.types("mute job_1 --cause until changed")
    desk.types("mute job_2 for 4h")
    desk.types("mutes")
    listed = desk.told()[-1]
    assert f"`{cause_id(desk)}` by <@{ANA}> until the cause changes" in listed
    assert "job_2" in listed

    let_fail(desk.world, a_failed_run(4))
    desk.types(f"unmute {cause_id(desk)}", who=BO)

    assert not desk.services.store.cause_mutes()
    assert "1 that failed unheard" in desk.world.slack.messages(CHANNEL)[-1].text
    assert desk.root.text.startswith("❌")
    let_fail(desk.world, a_failed_run(4, 1))
    assert any("job_4 failed" in text for text in roots(desk))
    desk.types("mutes")
    assert "cause-" not in desk.told()[-1]


def test_who_muted_one_incident_for_itself_hears_no_more_of_it_when_the_cause_is_unmuted(
    desk: Desk,
) -> None:
    let_fail(desk.world, a_failed_run(1), a_failed_run(2))
    desk.types("mute job_1 --cause until changed")
    desk.types("mute job_2 for 4h", who=BO)
    desk.types(f"unmute {cause_id(desk)}")

    assert [text.split()[0] for text in roots(desk)[:2]] == ["❌", "🔇"]


@pytest.mark.parametrize("term", ["for 1h", "for 8h", "until changed"])
def test_who_muted_one_incident_for_itself_is_not_overruled_by_a_mute_of_its_cause(
    desk: Desk, term: str
) -> None:
    let_fail(desk.world, a_failed_run(1), a_failed_run(2))
    desk.types("mute job_2 for 4h", who=BO)
    desk.types(f"mute job_1 --cause {term}")

    assert muted_by(desk, "job_2") == BO


def test_a_mute_of_the_cause_that_outlasts_one_of_the_incident_counts_then(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1), a_failed_run(2))
    desk.types("mute job_2 for 1h", who=BO)
    desk.types("mute job_1 --cause for 4h")
    store, now = desk.services.store, datetime.now(UTC)
    theirs = next(item for item in store.incidents() if item.job_name == "job_2")
    store.transact([], lambda tx: store.save_incident(tx, replace(theirs, muted_until=now)))
    let_fail(desk.world, a_failed_run(2, 1))

    assert muted_by(desk, "job_2") == ANA


def test_mutes_of_the_settings_are_listed_until_they_are_over(desk: Desk) -> None:
    past, ahead = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))
    mutes = (
        MuteRule(jobs=("a",)),
        MuteRule(jobs=("b",), until=past),
        MuteRule(jobs=("c",), until=ahead),
    )
    desk.world.change_settings(mutes=mutes)
    desk.types("mutes")

    lines = desk.told()[-1].splitlines()
    assert [line.split()[1] for line in lines] == ["mutes[0]", "mutes[2]"]
    assert lines[0].endswith("until the cause changes")


def test_a_mute_of_a_cause_can_be_given_another_end(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1))
    desk.types("mute --cause until changed")
    desk.types(f"mute {cause_id(desk)} for 1h", who=BO)

    (mute,) = desk.services.store.cause_mutes()
    assert mute.by == BO
    assert mute.until is not None
    assert mute.until - datetime.now(UTC) < timedelta(hours=1)


def test_who_unmutes_one_incident_hears_of_that_one(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1))
    desk.types("mute --cause for 4h")
    desk.types("unmute job_1")
    let_fail(desk.world, a_failed_run(1, 1))

    assert "Still failing" in desk.root.text


def test_when_its_time_is_over_the_next_failure_is_told(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1))
    desk.types("mute --cause for 1h")
    let_fail(desk.world, a_failed_run(2))
    store, now = desk.services.store, datetime.now(UTC)
    (mute,) = store.cause_mutes()
    unheard = next(item for item in store.incidents() if item.job_name == "job_2")
    store.transact([], lambda tx: store.save_cause_mute(tx, replace(mute, until=now)))
    store.transact([], lambda tx: store.save_incident(tx, replace(unheard, muted_until=now)))
    let_fail(desk.world, a_failed_run(2, 1))

    assert "job_2 failed" in roots(desk)[-1]


def test_only_who_may_mute_every_job_may_mute_a_cause(desk: Desk) -> None:
    desk.configure(
        Permission(actions=EVERYTHING, users=(ANA,), jobs=("job_*",)),
        Permission(actions=EVERYTHING, users=(BO,)),
    )
    let_fail(desk.world, a_failed_run(1))
    desk.types("mute --cause for 4h")
    assert not desk.services.store.cause_mutes()
    desk.types("mute --cause for 4h", who=BO)
    assert desk.services.store.cause_mutes()
    desk.types(f"unmute {cause_id(desk)}")

    assert desk.services.store.cause_mutes()


def test_that_a_cause_is_muted_is_said_where_its_incident_was_muted_already(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1))
    desk.types("mute job_1 until changed")
    desk.types("mute job_1 --cause until changed", who=BO)

    assert f"<@{BO}> muted this cause in all jobs" in desk.thread[-1]


def test_mutes_of_causes_are_in_the_audit_trail(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1))
    desk.types("mute --cause until changed")
    desk.types(f"unmute {cause_id(desk)}")

    unmuted, muted = desk.services.store.audit(limit=2)
    assert unmuted.done
    assert muted.done
    assert "muted this cause in all jobs" in muted.text
    assert unmuted.action.target.startswith("cause-")


def test_what_got_well_while_it_was_muted_stays_quiet(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1))
    desk.types("mute --cause for 4h")
    let_fail(desk.world, a_failed_run(2))
    let_succeed(desk.world, a_good_run(2, 1))

    assert len(roots(desk)) == 1


def test_a_cause_that_nobody_muted_cannot_be_unmuted(desk: Desk) -> None:
    desk.types("unmute cause-3f2a91c04be877d1")

    assert "No cause `cause-3f2a91c04be877d1` is muted" in desk.told()[-1]
