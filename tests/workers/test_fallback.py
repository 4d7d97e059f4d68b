"""There is always somewhere to tell, and nobody waits for it for a day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from rq.timeouts import JobTimeoutException

from jobmon.digest import Destination, DestinationKind
from jobmon.errors import DestinationError
from jobmon.incident import NotifyReason
from jobmon.ports.notifier import Notifier
from tests.support.digests import slack_destination
from tests.workers.office import CHANNEL, Office, breaks_on, letters, state
from workers.deliver import PATIENCE
from workers.fallback import CONSOLE
from workers.route import default_destinations
from workers.services import install

ROUTED = "C0ROUTED001"


def wait(office: Office, duration: timedelta) -> None:
    """Let this much time pass for the workers."""
    services = office.services
    install(replace(services, now=lambda: services.now() + duration))
    office.let_time_pass()
    office.work()
    office.work()  # what came of it


def is_down(office: Office) -> None:
    """Let Slack answer nothing but 503."""
    office.slack.fail_next("status", times=99)


def test_what_slack_does_not_take_for_minutes_is_told_by_mail_once(office: Office) -> None:
    is_down(office)
    office.put(state(1))
    office.work()
    office.let_time_pass()
    office.work()
    assert not office.mailbox.messages

    wait(office, PATIENCE)
    wait(office, PATIENCE * 2)

    (mail,) = office.mailbox.messages
    assert "could not be reached" in mail.message.as_string().replace("=\n", "")
    assert not letters(office)


def test_what_takes_a_job_too_long_again_and_again_is_told_elsewhere_too(office: Office) -> None:
    def notifier(place: Destination) -> Notifier:
        if place.kind is DestinationKind.SLACK:
            raise JobTimeoutException("Task exceeded maximum timeout value (120 seconds)")
        return office.services.notifier(place)

    slow = replace(office, services=replace(office.services, notifier=notifier))
    office.put(state(1))
    wait(slow, timedelta(0))
    wait(slow, PATIENCE)
    wait(slow, PATIENCE * 2)

    (mail,) = office.mailbox.messages
    assert "Sent here because the job took longer than it may" in mail.text.replace("\n", " ")
    assert not letters(office)


def test_what_was_told_by_mail_is_shown_in_slack_when_it_is_back(office: Office) -> None:
    office.slack.fail_next("status", times=2)
    office.put(state(1))
    office.work()
    wait(office, PATIENCE)
    wait(office, PATIENCE * 2)

    assert len(office.mailbox.messages) == 1
    assert len(office.texts()) == 1


def test_a_newer_failure_is_told_elsewhere_too_and_what_people_do_is_not(office: Office) -> None:
    is_down(office)
    office.put(state(1))
    office.work()
    wait(office, PATIENCE)
    taken = replace(state(2).digest, reason=NotifyReason.ACKNOWLEDGED)
    office.put(replace(state(2), digest=taken))
    wait(office, PATIENCE)
    assert len(office.mailbox.messages) == 1

    well = replace(state(3).digest, reason=NotifyReason.RESOLVED)
    office.put(replace(state(3), digest=well))
    wait(office, PATIENCE)

    assert len(office.mailbox.messages) == 2


def test_when_every_place_refuses_the_log_takes_it(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.slack.fail_next("error", error="is_archived", times=99)
    office.mailbox.fail_next("rcpt", "550 no", times=99)
    incident = replace(state(1).digest.incident, destinations=(f"slack:{ROUTED}",))
    digest = replace(state(1).digest, incident=incident)
    office.put(replace(state(1, slack_destination(ROUTED)), digest=digest))
    for _ in range(5):
        office.work()
        office.let_time_pass()

    assert f"; slack:{CHANNEL} could not be reached" in " ".join(capsys.readouterr().err.split())
    assert len(letters(office)) == 3


def test_what_even_the_log_does_not_take_is_kept(office: Office) -> None:
    breaks_on(office, "d-1", DestinationError("no such file"))
    office.put(
        replace(state(1, CONSOLE), tried=tuple(default_destinations(office.services.settings)))
    )
    office.work()
    office.work()

    assert letters(office) == {"d-1": "no such file"}
    assert not office.texts()


def test_where_there_is_no_mail_another_channel_comes_before_the_log(office: Office) -> None:
    settings = office.services.settings
    no_mail = replace(settings, email=replace(settings.email, recipients=()))
    install(replace(office.services, settings=no_mail))
    office.slack.fail_next("error", error="is_archived")
    office.put(state(1, slack_destination(ROUTED)))
    office.work()
    office.work()

    assert len(office.texts()) == 1


def test_why_a_message_came_elsewhere_is_said_before_what_could_not_be_read(office: Office) -> None:
    unread = tuple(f"task_{number}: its output could not be read" for number in range(3))
    office.slack.fail_next("error", error="not_in_channel")
    delivery = state(1)
    diagnosis = replace(delivery.digest.diagnosis, notes=unread)
    office.put(replace(delivery, digest=replace(delivery.digest, diagnosis=diagnosis)))
    office.work()
    office.work()

    (mail,) = office.mailbox.messages
    assert "Sent here because Slack can't post to" in mail.text.replace("\n", " ")
