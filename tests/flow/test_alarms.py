"""jobmon tells of its own trouble, over a destination that works."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
from structlog.testing import capture_logs

from jobmon.digest import Delivery, Destination, DestinationKind
from jobmon.ports.queue import Message, WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.settings import EmailSettings, Route
from tests.flow.conftest import CHANNEL, World, watching
from tests.support.ear import Ear
from workers.alarm import alarm, places
from workers.failing import note_arrival, note_trouble

NOW = datetime.now(UTC)
A_MINUTE = timedelta(minutes=1)
OUR_CHANNEL = Destination.parse(f"slack:{CHANNEL}")


def alarms(world: World) -> list[str]:
    found = [
        msgspec.json.decode(message.body, type=Delivery)
        for key in world.client.scan_iter("jobmon:messages:deliver:*")
        if (lease := RqJobQueue(world.client).take(WorkKind.DELIVER, key.decode().split(":")[3]))
        for message in lease.messages
    ]
    return [
        f"{item.destination.kind}: {' '.join(item.digest.diagnosis.notes)}"
        for item in found
        if item.digest.diagnosis.notes
    ]


def test_when_slack_takes_nothing_the_alarm_goes_by_mail_once_an_hour(
    world: World, ear: Ear
) -> None:
    watch, queue, services = watching(world, ear)
    watch(NOW)
    queue.undelivered = 700.0
    for minutes in range(1, 20):
        note_trouble(services.store, OUR_CHANNEL, at=NOW + timedelta(minutes=minutes))
        watch(NOW + timedelta(minutes=minutes))

    (alarm,) = alarms(world)
    assert alarm.startswith("email: The oldest undelivered message has waited for 12 minutes.")
    assert f"Not taking messages: slack:{CHANNEL}." in alarm


def test_the_first_alarm_after_a_start_goes_elsewhere_than_where_nothing_was_taken_just_before(
    world: World, ear: Ear
) -> None:
    watch, queue, services = watching(world, ear)
    note_trouble(services.store, OUR_CHANNEL, at=NOW - A_MINUTE / 2)
    queue.undelivered = 700.0
    watch(NOW)

    (alarm,) = alarms(world)
    assert alarm.startswith("email: ")


def test_a_channel_that_takes_nothing_is_named_though_others_take_what_comes(
    world: World, ear: Ear
) -> None:
    watch, queue, services = watching(world, ear)
    watch(NOW)
    queue.undelivered = 700.0
    note_trouble(services.store, Destination.parse("slack:C0ARCHIVED1"), at=NOW + A_MINUTE)
    note_trouble(services.store, OUR_CHANNEL, at=NOW + A_MINUTE)
    note_arrival(services.store, OUR_CHANNEL, at=NOW + A_MINUTE)
    watch(NOW + A_MINUTE)

    (alarm,) = alarms(world)
    assert "Not taking messages: slack:C0ARCHIVED1." in alarm


def test_with_slack_alone_the_alarm_goes_to_a_channel_that_takes_messages(
    world: World, ear: Ear
) -> None:
    route = Route(destinations=("slack:C0GROWTH001",), jobs=("growth*",))
    only_slack = replace(world.settings, routes=(route,), email=EmailSettings())
    services = replace(world.services, settings=only_slack)

    assert alarm(services, about="jobmon", text="see", now=NOW, failing={OUR_CHANNEL})

    (mailbox,) = world.client.scan_iter("jobmon:messages:deliver:*")
    assert "C0GROWTH001" in str(world.client.lindex(mailbox, 0))


def test_an_alarm_that_nobody_takes_is_one_line_of_the_log(world: World) -> None:
    everywhere = set(places(world.settings))

    with capture_logs() as logs:
        sent = alarm(
            world.services, about="jobmon", text="Lost:\n• one\n• two", now=NOW, failing=everywhere
        )

    assert not sent
    assert [(entry["event"], entry["text"]) for entry in logs] == [
        ("alarm.nowhere_to_send", "Lost: • one • two")
    ]


def test_the_alarm_is_a_mail_that_can_be_read(world: World, ear: Ear) -> None:
    watch, queue, services = watching(world, ear)
    watch(NOW)
    queue.undelivered = 700.0
    note_trouble(services.store, OUR_CHANNEL, at=NOW + A_MINUTE)
    watch(NOW + A_MINUTE)
    world.work()

    (mail,) = world.mailbox.messages
    assert mail.message["Subject"] == "[jobmon] jobmon is failing"
    assert "No failed task" not in mail.text
    assert "run 0" not in mail.html.lower()
    plain = mail.message.get_body(("plain",))
    assert plain is not None
    assert "waited for 12 minutes" in " ".join(plain.get_content().split())
    assert not world.slack.messages(CHANNEL)


def test_a_dead_letter_of_slack_is_told_by_mail(world: World, ear: Ear) -> None:
    watch, queue, _ = watching(world, ear)
    world.fails(999)
    world.slack.fail_next("error", method="chat.postMessage", error="channel_not_found", times=9)
    world.work()
    (letter, *_) = queue.dead_letters()
    assert letter.message.kind is WorkKind.DELIVER
    watch(datetime.now(UTC))

    assert [item for item in alarms(world) if item.startswith(DestinationKind.EMAIL)]


def test_a_dead_letter_with_a_damaged_body_is_no_reason_to_fail(world: World, ear: Ear) -> None:
    watch, queue, _ = watching(world, ear)
    queue.put(Message(kind=WorkKind.DELIVER, key="inc-1", message_id="d-1", body=b"{}"))
    lease = queue.take(WorkKind.DELIVER, "inc-1")
    assert lease is not None
    queue.bury(lease, reason="broken")
    watch(datetime.now(UTC))

    assert alarms(world)


def test_an_old_dead_letter_is_no_news(world: World, ear: Ear) -> None:
    watch, queue, _ = watching(world, ear)
    queue.put(Message(kind=WorkKind.DIAGNOSE, key="1-1", message_id="e-1", body=b"{}"))
    lease = queue.take(WorkKind.DIAGNOSE, "1-1")
    assert lease is not None
    queue.bury(lease, reason="broken")
    watch(datetime.now(UTC) + timedelta(hours=2))

    assert not alarms(world)
