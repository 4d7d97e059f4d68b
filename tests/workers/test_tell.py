"""What a change is worth: which messages, to whom, how loudly."""

from dataclasses import replace

import pytest

from jobmon.cause_group import TaskDiagnosis
from jobmon.diagnosis import Diagnosis, TaskFailure
from jobmon.digest import Delivery, DeliveryKind, Digest
from jobmon.incident import IncidentState, NotifyReason
from jobmon.incident_event import RunObserved
from jobmon.settings import Policy
from jobmon.transition import transition
from tests.support.runs import a_diagnosis, a_run, at
from workers.tell import deliveries_for, detail_notes

SLACK, MAIL = "slack:C1", "email:a@x"


def a_digest(reason: NotifyReason, *destinations: str) -> Digest:
    event = RunObserved(run=a_run(1), diagnosis=a_diagnosis("oom"))
    incident = transition(None, event, now=at()).incident
    assert incident is not None
    state = IncidentState.RESOLVED if reason is NotifyReason.RESOLVED else incident.state
    return Digest(
        incident=replace(incident, state=state, destinations=destinations or (SLACK,)),
        run=event.run,
        diagnosis=event.diagnosis,
        reason=reason,
        at=at(),
    )


def a_detail(task_key: str, fingerprint: str, error: str = "boom") -> TaskDiagnosis:
    return TaskDiagnosis(
        failure=TaskFailure(task_key=task_key, error=error),
        diagnosis=Diagnosis(headline=error, fingerprint=fingerprint),
    )


def kinds(deliveries: tuple[Delivery, ...]) -> list[tuple[str, DeliveryKind]]:
    return [(str(item.destination), item.kind) for item in deliveries]


def plan(
    reason: NotifyReason, *destinations: str, policy: Policy | None = None
) -> tuple[Delivery, ...]:
    return deliveries_for(
        a_digest(reason, *destinations), (), policy=policy or Policy(), told=(SLACK, MAIL)
    )


def test_the_first_failure_is_one_message_at_each_destination() -> None:
    deliveries = plan(NotifyReason.FIRST_FAILURE, SLACK, MAIL)

    assert kinds(deliveries) == [(SLACK, DeliveryKind.ROOT), (MAIL, DeliveryKind.ROOT)]


@pytest.mark.parametrize(
    ("reason", "broadcast"),
    [
        (NotifyReason.NEW_CAUSE, True),
        (NotifyReason.REGRESSED, True),
        (NotifyReason.STILL_FAILING, False),
        (NotifyReason.RESOLVED, False),
    ],
)
def test_the_channel_hears_only_of_a_changed_meaning(
    reason: NotifyReason, *, broadcast: bool
) -> None:
    root, note = plan(reason)

    assert (root.kind, note.kind, note.broadcast) == (
        DeliveryKind.ROOT,
        DeliveryKind.NOTE,
        broadcast,
    )


def test_more_failed_tasks_only_edit_the_message() -> None:
    assert kinds(plan(NotifyReason.MORE_FAILED, SLACK, MAIL)) == [(SLACK, DeliveryKind.ROOT)]


def test_a_cause_that_was_found_late_edits_the_message_and_is_a_mail() -> None:
    assert kinds(plan(NotifyReason.LATE_CAUSE, SLACK, MAIL)) == [
        (SLACK, DeliveryKind.ROOT),
        (MAIL, DeliveryKind.ROOT),
    ]


@pytest.mark.parametrize(
    ("policy", "reason", "broadcast"),
    [
        (Policy(broadcast="thread_only"), NotifyReason.NEW_CAUSE, False),
        (Policy(broadcast="always"), NotifyReason.STILL_FAILING, True),
        (Policy(broadcast="always"), NotifyReason.RESOLVED, True),
        (Policy(broadcast="thread_only", broadcast_resolved=True), NotifyReason.RESOLVED, False),
        (Policy(broadcast_resolved=True), NotifyReason.RESOLVED, True),
    ],
    ids=["thread_only", "always", "always_resolved", "only_the_thread", "resolved"],
)
def test_how_loud_is_a_setting(policy: Policy, reason: NotifyReason, *, broadcast: bool) -> None:
    assert plan(reason, policy=policy)[-1].broadcast is broadcast


def test_a_muted_incident_is_kept_current_and_says_nothing() -> None:
    digest = a_digest(NotifyReason.STILL_FAILING, SLACK, MAIL)
    muted = replace(digest, incident=replace(digest.incident, muted_until=at(60)))

    assert kinds(deliveries_for(muted, (), policy=Policy(), told=(SLACK, MAIL))) == [
        (SLACK, DeliveryKind.ROOT)
    ]


def test_the_thread_holds_the_full_error_of_each_cause_once() -> None:
    details = tuple(a_detail(f"train_{number}", "oom") for number in range(24))
    details += (a_detail("load", "disk"),)

    notes = [
        item.note
        for item in deliveries_for(
            a_digest(NotifyReason.FIRST_FAILURE), details, policy=Policy(), told=(SLACK, MAIL)
        )
        if item.note
    ]

    assert [note.attachment_name for note in notes] == ["train_0.txt", "load.txt"]


def test_of_many_causes_the_first_have_their_full_error_and_all_are_named() -> None:
    details = tuple(a_detail(f"task_{number}", f"cause{number}") for number in range(12))

    notes = detail_notes(details)

    assert len(notes) == 6
    named = "".join(note.attachment_name + note.attachment for note in notes)
    assert all(f"task_{number}" in named for number in range(12))


def test_a_cause_without_a_text_has_no_line_and_those_after_it_have_theirs() -> None:
    details = (a_detail("silent", "cause0", error=""), a_detail("load", "cause1"))

    (note,) = detail_notes(details)

    assert note.attachment_name == "load.txt"


def test_a_muted_incident_appears_nowhere_for_the_first_time() -> None:
    digest = a_digest(NotifyReason.NEW_CAUSE, SLACK, MAIL)
    muted = replace(digest, incident=replace(digest.incident, muted_until=at(60)))
    unheard = replace(muted, incident=replace(muted.incident, untold=True))

    assert not deliveries_for(muted, (), policy=Policy(), told=())
    assert not deliveries_for(unheard, (), policy=Policy(), told=(SLACK, MAIL))


def test_what_goes_to_another_place_is_news_there_whatever_the_reason() -> None:
    digest = a_digest(NotifyReason.MORE_FAILED, SLACK, MAIL)

    deliveries = deliveries_for(digest, (), policy=Policy(), told=(SLACK,))

    assert kinds(deliveries) == [(SLACK, DeliveryKind.ROOT), (MAIL, DeliveryKind.ROOT)]


def test_whom_a_later_look_calls_is_called_by_a_note_for_an_edit_calls_nobody() -> None:
    digest = replace(a_digest(NotifyReason.MORE_FAILED, SLACK), mentions=("U0ONCALL01",))
    details = (a_detail("load", "disk"),)

    root, said, detail = deliveries_for(digest, details, policy=Policy(), told=(SLACK,))

    assert (root.kind, said.kind) == (DeliveryKind.ROOT, DeliveryKind.NOTE)
    assert said.digest.mentions == ("U0ONCALL01",)
    assert not detail.digest.mentions


def test_whom_the_first_message_of_a_place_calls_needs_no_note() -> None:
    digest = replace(a_digest(NotifyReason.MORE_FAILED, SLACK), mentions=("U0ONCALL01",))

    (root,) = deliveries_for(digest, (), policy=Policy(), told=())

    assert root.digest.mentions == ("U0ONCALL01",)


def test_a_task_key_cannot_name_a_path() -> None:
    details = (a_detail("../../etc/passwd", "oom"),)

    delivery = deliveries_for(
        a_digest(NotifyReason.FIRST_FAILURE), details, policy=Policy(), told=(SLACK, MAIL)
    )[-1]

    assert delivery.note is not None
    assert "/" not in delivery.note.attachment_name


def test_the_same_change_gives_the_same_ids_and_another_change_others() -> None:
    first = {item.delivery_id for item in plan(NotifyReason.FIRST_FAILURE, SLACK, MAIL)}
    same = {item.delivery_id for item in plan(NotifyReason.FIRST_FAILURE, SLACK, MAIL)}
    digest = a_digest(NotifyReason.STILL_FAILING, SLACK, MAIL)
    later = replace(digest, incident=replace(digest.incident, version=2))
    other = {
        item.delivery_id for item in deliveries_for(later, (), policy=Policy(), told=(SLACK, MAIL))
    }

    assert first == same
    assert len(first) == 2
    assert not first & other
