"""jobmon watches itself: sweeps at the start and by the clock, a heartbeat, and an alarm."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import msgspec
import pytest
import structlog

from jobmon.digest import Delivery, DestinationKind
from jobmon.ports.queue import Message, Pulse, WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.settings import Secret
from tests.flow.conftest import CHANNEL, World
from tests.support.waiting import wait_until
from workers.heartbeat import Heart, call
from workers.services import Services
from workers.watch import Watch

NOW = datetime.now(UTC)


class Ear:
    """Hears heartbeats; answers with what it is told to."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.status = 200
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                ear.heard.append(self.path)
                self.send_response(ear.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quietly."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = Secret(f"http://127.0.0.1:{self._server.server_port}/ping/secret-uuid")
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    listening = Ear()
    yield listening
    listening.stop()


class Pulsing(RqJobQueue):
    """A queue that seems to have a worker, and messages that wait."""

    workers = 1
    undelivered: float | None = None

    def pulse(self) -> Pulse:
        return replace(
            super().pulse(), workers=self.workers, oldest_undelivered_seconds=self.undelivered
        )


def watching(world: World, ear: Ear) -> tuple[Watch, Pulsing, Services]:
    queue = Pulsing(world.client)
    services = replace(world.services, queue=queue)
    return Watch(services, heart=Heart(ear.url)), queue, services


def pending_sweeps(world: World) -> int:
    return sum(world.client.llen(key) for key in world.client.scan_iter("jobmon:messages:sweep:*"))


def test_it_sweeps_at_the_start_and_once_in_each_period(world: World, ear: Ear) -> None:
    watch, _, _ = watching(world, ear)
    for seconds in range(3):
        watch(NOW + timedelta(seconds=seconds / 10))
    assert pending_sweeps(world) == 1

    watch(NOW + timedelta(minutes=5))
    watch(NOW + timedelta(minutes=5, milliseconds=10))
    assert pending_sweeps(world) == 2


def test_a_scheduler_that_starts_anew_sweeps_again(world: World, ear: Ear) -> None:
    watching(world, ear)[0](NOW)
    watching(world, ear)[0](NOW + timedelta(seconds=30))

    assert pending_sweeps(world) == 2


def test_many_schedulers_ask_for_one_sweep(world: World, ear: Ear) -> None:
    watches = [watching(world, ear)[0] for _ in range(3)]
    for watch in watches:
        watch(NOW)
        watch(NOW + timedelta(minutes=5))

    assert pending_sweeps(world) == 2


def test_the_heart_beats_each_minute_while_all_is_well(world: World, ear: Ear) -> None:
    watch, _, _ = watching(world, ear)
    watch(NOW)
    wait_until(lambda: len(ear.heard) == 1)
    watch(NOW + timedelta(seconds=30))
    watch(NOW + timedelta(seconds=61))

    assert wait_until(lambda: len(ear.heard) == 2)


def test_the_heart_stops_when_something_is_wrong(world: World, ear: Ear) -> None:
    watch, queue, _ = watching(world, ear)
    queue.workers = 0
    watch(NOW)
    queue.workers, queue.undelivered = 1, 700.0
    watch(NOW + timedelta(minutes=2))
    queue.undelivered = None
    watch(NOW + timedelta(minutes=4))

    wait_until(lambda: ear.heard)
    assert len(ear.heard) == 1


@pytest.mark.parametrize("status", [404, 500, 302])
def test_a_heartbeat_that_fails_says_so_without_its_address(ear: Ear, status: int) -> None:
    ear.status = status
    with structlog.testing.capture_logs() as logs:
        assert not call(ear.url)

    assert [entry["event"] for entry in logs] == ["heartbeat.failed"]
    assert "secret-uuid" not in json.dumps(logs)
    assert len(ear.heard) == 1


def test_without_an_address_nothing_is_called() -> None:
    assert Heart(Secret("")).beat() is None


def alarms(world: World) -> list[str]:
    found = [
        msgspec.json.decode(message.body, type=Delivery)
        for key in world.client.scan_iter("jobmon:messages:deliver:*")
        if (lease := RqJobQueue(world.client).take(WorkKind.DELIVER, key.decode().split(":")[3]))
        for message in lease.messages
    ]
    return [f"{item.destination.kind}: {item.note.text}" for item in found if item.note]


def test_when_slack_takes_nothing_the_alarm_goes_by_mail_once_an_hour(
    world: World, ear: Ear
) -> None:
    watch, queue, services = watching(world, ear)
    watch(NOW)
    queue.undelivered = 700.0
    services.store.count("deliveries", destination="slack", outcome="postponed")
    for minutes in range(1, 20):
        services.store.count("deliveries", destination="slack", outcome="postponed")
        watch(NOW + timedelta(minutes=minutes))

    (alarm,) = alarms(world)
    assert alarm.startswith("email: The oldest undelivered message has waited for 12 minutes.")
    assert "Not taking messages: slack." in alarm


def test_the_alarm_is_a_mail_that_can_be_read(world: World, ear: Ear) -> None:
    watch, queue, services = watching(world, ear)
    watch(NOW)
    queue.undelivered = 700.0
    services.store.count("deliveries", destination="slack", outcome="refused")
    watch(NOW + timedelta(minutes=1))
    world.work()

    (mail,) = world.mailbox.messages
    assert "jobmon failed" in mail.message["Subject"]
    assert "waited for 12 minutes" in mail.raw.decode()
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
