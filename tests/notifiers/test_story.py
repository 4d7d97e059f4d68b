"""What a message says, whatever medium shows it."""

from dataclasses import replace
from typing import Any

import pytest

from jobmon.cause_group import RunDiagnosis
from jobmon.diagnosis import Rerun
from jobmon.incident import IncidentState
from jobmon.run import RunId
from notifiers.console import ROOM
from notifiers.story import compact, safe_link, story_of, summary_of
from tests.support import example_digests as examples
from tests.support.digests import (
    NOW,
    a_diagnosis,
    a_digest,
    a_group,
    a_run,
    an_incident,
    an_unknown_group,
)
from tests.support.failures import a_lost_spot_instance


def test_a_recovery_says_what_it_was() -> None:
    assert summary_of(story_of(examples.resolved(), room=ROOM)) == (
        "✅ nightly_orders recovered · prod. Resolved by a rerun after 42 min and 2 failed runs. "
        "25 tasks had failed: Column `order_ts` does not exist here; the nearest names are "
        "`order_timestamp`, `order_id`, `customer_id`."
    )


@pytest.mark.parametrize("count", [1, 40])
def test_a_recovery_of_many_jobs_says_what_the_cause_was(count: int) -> None:
    many = examples.platform()
    members = many.incident.members[:count]
    incident = replace(
        many.incident, members=members, state=IncidentState.RESOLVED, resolved_at=NOW
    )
    story = story_of(replace(many, incident=incident), room=ROOM)

    assert story.causes[0].count == "The cause was"
    assert str(story.line) == "Resolved after 0 s"


def test_a_recovery_of_which_no_cause_is_known_says_so_much() -> None:
    known = examples.resolved()
    story = story_of(replace(known, diagnosis=RunDiagnosis(failed_count=2)), room=ROOM)

    assert summary_of(story).startswith("✅ nightly_orders recovered · prod. Resolved by a rerun")


@pytest.mark.parametrize("count", [1, 40])
def test_of_many_jobs_no_run_and_no_task_is_named(count: int) -> None:
    many = examples.platform()
    incident = replace(many.incident, members=many.incident.members[:count])
    story = story_of(replace(many, incident=incident), room=ROOM)

    assert (story.run, story.started_at) == ("", None)
    assert (story.causes[0].count, story.causes[0].names) == ("One cause", "")


def test_a_run_is_named_where_there_is_one() -> None:
    alarm = a_digest(run=a_run(run_id=RunId(0)))

    assert story_of(a_digest(), room=ROOM).run == "Run 123"
    assert story_of(alarm, room=ROOM).run == ""


def test_a_cause_that_no_rule_knows_is_said_openly() -> None:
    digest = examples.not_recognised()
    story = story_of(digest, room=ROOM)

    assert story.causes[0].sentence == "not recognised; the error says:"
    assert "ledger 2026-11 is closed" in summary_of(story)


@pytest.mark.parametrize(
    "between",
    [
        {"note": "the output is gone: Databricks keeps runs for 60 days"},
        {"origin": "the child job load_all"},
        {"task_keys": ("score_eu", "score_us"), "count": 2},
    ],
    ids=["note", "origin", "names"],
)
def test_what_no_error_says_is_not_announced_as_its_words(between: dict[str, Any]) -> None:
    group = replace(an_unknown_group(), **between)
    story = story_of(a_digest(diagnosis=a_diagnosis(group)), room=ROOM)

    assert story.causes[0].sentence == "not recognised"
    assert compact(story.causes[0]) == "not recognised; the error says: widget 7 said no."
    assert "cause not recognised; the error says: widget 7 said no." in summary_of(story)


def test_of_an_unknown_cause_one_line_is_told_where_there_is_room_for_one() -> None:
    group = replace(an_unknown_group(), excerpt=("widget 7 said no", "widget 8 did not"))
    story = story_of(a_digest(diagnosis=a_diagnosis(group)), room=ROOM)

    assert compact(story.causes[0]) == "not recognised; the error says: widget 7 said no."


def test_an_error_without_words_is_not_said_to_say_something() -> None:
    group = an_unknown_group(headline="")
    story = story_of(a_digest(diagnosis=a_diagnosis(group)), room=ROOM)

    assert story.causes[0].sentence == "not recognised"
    assert compact(story.causes[0]) == "not recognised."
    assert "the error says" not in summary_of(story)


def test_the_notification_says_whether_a_rerun_helps() -> None:
    story = story_of(examples.many_tasks_one_cause(), room=ROOM)

    assert summary_of(story).endswith("A rerun won't help until this is fixed.")


def test_the_notification_counts_other_causes_and_speaks_for_all_of_them() -> None:
    passing = a_group(of=a_lost_spot_instance(), fingerprint="fp-spot")
    digest = a_digest(diagnosis=a_diagnosis(passing, a_group()))

    assert passing.diagnosis.rerun is Rerun.LIKELY_TO_HELP
    told = summary_of(story_of(digest, room=replace(ROOM, causes=1)))
    assert told.endswith(". And 1 more cause. A rerun won't help until this is fixed.")


def test_the_total_is_not_guessed_when_only_some_tasks_are_known() -> None:
    few = a_digest(run=a_run(tasks=10), diagnosis=a_diagnosis(failed_count=300, downstream_count=5))

    assert story_of(few, room=ROOM).counts == ("300 tasks failed", "5 skipped downstream")


def test_a_commit_that_the_history_names_is_not_named_again() -> None:
    story = story_of(examples.new_code(), room=ROOM)

    assert "New since today's 01:40 UTC deploy (1a2b3c4d)" in story.background
    assert not [line for line in story.background if line.startswith("Commit")]


def test_outputs_still_being_read_are_announced() -> None:
    digest = a_digest(diagnosis=a_diagnosis(pending_count=3))

    assert "3 more still being read" in story_of(digest, room=ROOM).counts


def test_what_nobody_reported_is_said_to_have_been_found_by_looking() -> None:
    digest = a_digest(found_by_sweep=True)

    assert (
        "No webhook came: jobmon found it by looking itself"
        in story_of(digest, room=ROOM).background
    )


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://evil.example|x>",
        "https://host/a b",
        'https://host/"onclick',
        "http://databricks.example/run",
        "https://user@host/",
        "",
    ],
)
def test_an_address_that_is_not_ours_to_make_is_not_linked(url: str) -> None:
    assert safe_link(url) == ""


@pytest.mark.parametrize(
    "url",
    ["https://dbc-1.cloud.databricks.com/jobs/7/runs/123?o=42", "http://127.0.0.1:8080/run/1"],
)
def test_the_address_of_a_run_is_linked(url: str) -> None:
    assert safe_link(url) == url


def test_one_stubborn_cause_makes_a_rerun_useless_for_the_whole_run() -> None:
    digest = examples.several_causes()

    assert story_of(digest, room=ROOM).rerun is Rerun.UNLIKELY_TO_HELP


def test_a_run_that_cannot_be_read_says_why_where_its_cause_would_stand() -> None:
    story = story_of(examples.unreadable(), room=ROOM)

    assert "may not see run 123" in story.instead[0]
    assert "may not see run 123" in summary_of(story)
    assert not [line for line in story.background if "may not see" in line]


def test_a_run_whose_outputs_are_still_read_is_not_said_to_have_no_failed_task() -> None:
    pending = RunDiagnosis(failed_count=3, pending_count=3)

    assert not story_of(a_digest(diagnosis=pending), room=ROOM).instead


def test_a_run_without_diagnosis_still_tells_its_counts() -> None:
    digest = replace(
        a_digest(), diagnosis=replace(a_diagnosis(an_unknown_group()), groups=(), failed_count=4)
    )

    assert "4 of 42 tasks failed" in summary_of(story_of(digest, room=ROOM))


@pytest.mark.parametrize(
    "acted",
    [
        {"state": IncidentState.ACKNOWLEDGED, "acknowledged_by": "ana"},
        {"state": IncidentState.REPAIRING, "repairing_by": "ana"},
        {"state": IncidentState.OPEN, "muted_until_changed": True},
    ],
    ids=["acknowledged", "repairing", "muted"],
)
def test_what_somebody_acts_on_still_says_how_often_it_has_failed(acted: dict[str, Any]) -> None:
    digest = a_digest(incident=an_incident(failure_count=7, **acted))

    assert "7 failed runs since Wed 25 Nov 02:51 UTC" in story_of(digest, room=ROOM).counts


def test_a_first_failure_that_somebody_acts_on_is_not_counted() -> None:
    digest = a_digest(incident=an_incident(IncidentState.ACKNOWLEDGED, failure_count=1))

    assert not [fact for fact in story_of(digest, room=ROOM).counts if "since" in fact]
