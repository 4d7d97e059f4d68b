"""What waits in the outbox is sent once, in order, and never lost without saying so."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from jobmon.demo.mailbox import Mailbox
from jobmon.demo.slack import PretendSlack
from jobmon.digest import Delivery, Destination, Note
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.redis_answers import text_of
from jobmon.settings_reader import read_settings
from jobmon.store.client import Client
from tests.support.digests import (
    NOW,
    a_delivery,
    a_digest,
    a_note,
    email_destination,
    slack_destination,
)
from workers.deliver import coalesced, run
from workers.main import build_services
from workers.outbox import post
from workers.services import Services, install

CHANNEL = "C0123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An outbox between a pretend Slack and mailbox."""

    slack: PretendSlack
    mailbox: Mailbox
    services: Services
    client: Client

    @property
    def queue(self) -> RqJobQueue:
        return RqJobQueue(self.client)

    def put(self, *deliveries: Delivery) -> None:
        """Put deliveries into the outbox."""
        for delivery in deliveries:
            post(self.queue, delivery)

    def work(self) -> None:
        """Work off what is due."""
        for member in self.client.zrange("jobmon:wake", 0, -1):
            run(text_of(member).partition(":")[2])

    def let_time_pass(self) -> None:
        """Let leases and waits be over."""
        for member in self.client.zrange("jobmon:wake", 0, -1):
            self.client.zadd("jobmon:wake", {text_of(member): 0})
            box = f"jobmon:box:{text_of(member)}"
            if self.client.hexists(box, "until"):
                self.client.hset(box, "until", 0)
        self.client.delete(*self.client.scan_iter("jobmon:rate:*"), "jobmon:pause:none")
        self.queue.revive()

    def key(self) -> str:
        """The one mailbox's key."""
        (member,) = self.client.zrange("jobmon:wake", 0, -1)
        return text_of(member).partition(":")[2]

    def texts(self) -> list[str]:
        """What stands in the channel."""
        return [message.text for message in self.slack.messages(CHANNEL)]


@pytest.fixture
def office(client: Client, redis_url: str, tmp_path: Path) -> Iterator[Office]:
    with PretendSlack() as slack, Mailbox() as mailbox:
        settings = read_settings(
            {
                "REDIS_URL": redis_url,
                "SLACK_BOT_TOKEN": slack.token,
                "SLACK_API_URL": slack.url,
                "JOBMON_SLACK_CHANNEL": CHANNEL,
                "SMTP_URL": mailbox.url,
                "JOBMON_EMAIL_FROM": "jobmon@example.com",
                "JOBMON_EMAIL_TO": "oncall@example.com",
                "JOBMON_WEBHOOK_USERNAME": "databricks",
                "JOBMON_WEBHOOK_PASSWORD": "secret",
                "JOBMON_DATA_DIR": str(tmp_path),
            }
        )
        services = build_services(settings, client)
        install(services)
        yield Office(slack=slack, mailbox=mailbox, services=services, client=client)


def state(number: int, destination: Destination | None = None) -> Delivery:
    """The incident's message as of one of its versions."""
    digest = a_digest(history=f"state {number}")
    return a_delivery(destination, delivery_id=f"d-{number}", digest=digest)


def note(number: int, text: str = "") -> Delivery:
    """A line for the thread."""
    return a_note(delivery_id=f"n-{number}", note=Note(text=text or f"note {number}"))


def letters(office: Office) -> dict[str, str]:
    """The dead letters: message id to reason."""
    return {item.message.message_id: item.reason for item in office.queue.dead_letters()}


def test_a_root_message_and_its_notes_arrive_in_order_and_once(office: Office) -> None:
    office.put(state(1), note(1), note(2))
    office.work()
    office.let_time_pass()
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    thread = [message.text for message in office.slack.thread(root.ts, CHANNEL)]
    assert len(thread) == 2
    assert "note 1" in thread[0]
    assert "note 2" in thread[1]


def test_states_that_were_overtaken_are_left_out() -> None:
    merged = coalesced([state(1), note(1), state(2), state(3)])

    assert [item.delivery_id for item in merged] == ["d-1", "n-1"]
    assert merged[0].digest.history == "state 3"


def test_mails_cannot_be_edited_so_none_is_left_out() -> None:
    mails = [state(1, email_destination()), state(2, email_destination())]

    assert coalesced(mails) == tuple(mails)


def test_a_later_state_edits_the_message(office: Office) -> None:
    office.put(state(1))
    office.work()
    office.put(state(2))
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert root.edits == 1


def test_a_message_that_was_sent_before_a_crash_is_found_and_not_sent_again(
    office: Office,
) -> None:
    office.slack.fail_next("drop_after", method="chat.postMessage")
    office.put(state(1))
    office.work()
    office.let_time_pass()
    office.work()

    assert len(office.slack.messages(CHANNEL)) == 1
    assert len(office.slack.calls_of("chat.postMessage")) == 1
    receipt = office.services.store.root_receipt(
        state(1).digest.incident.incident_id, slack_destination(CHANNEL)
    )
    assert receipt is not None
    assert receipt.message_id == office.slack.messages(CHANNEL)[0].ts


def test_a_found_message_is_brought_up_to_the_newest_state(office: Office) -> None:
    office.slack.fail_next("drop_after", method="chat.postMessage")
    office.put(state(1))
    office.work()
    office.put(state(2))
    office.let_time_pass()
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert root.edits == 1
    assert "state 2" in str(root.blocks)


def test_a_doubtful_message_that_did_not_arrive_is_sent(office: Office) -> None:
    office.slack.fail_next("drop_before", method="chat.postMessage")
    office.put(state(1))
    office.work()
    office.let_time_pass()
    office.work()

    assert len(office.slack.messages(CHANNEL)) == 1


def test_a_claim_left_by_a_killed_worker_is_looked_up(office: Office) -> None:
    office.services.store.claim("d-1", owner="killed", now=NOW)
    office.put(state(1))
    office.work()

    assert len(office.slack.messages(CHANNEL)) == 1
    assert office.slack.calls_of("conversations.history")


def test_a_mail_that_may_have_been_sent_is_sent_again_with_the_same_id(office: Office) -> None:
    office.mailbox.fail_next("after_data", "drop")
    office.put(state(1, email_destination()))
    office.work()
    office.let_time_pass()
    office.work()

    ids = {str(mail.message["Message-ID"]) for mail in office.mailbox.messages}
    assert len(ids) == 1
    assert len(office.mailbox.messages) == 2


def test_each_mail_worthy_state_is_a_mail_of_its_own_after_an_outage(office: Office) -> None:
    office.mailbox.fail_next("mail", "451 not now")
    office.put(state(1, email_destination()))
    office.work()
    office.put(state(2, email_destination()))
    office.let_time_pass()
    office.work()

    assert len({str(mail.message["Message-ID"]) for mail in office.mailbox.messages}) == 2


def test_a_root_message_that_somebody_deleted_is_posted_anew_once(office: Office) -> None:
    office.put(state(1))
    office.work()
    office.slack.delete_message(office.slack.messages(CHANNEL)[0].ts, CHANNEL)
    office.put(state(2))
    office.work()
    office.put(state(3))
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert "state 3" in str(root.blocks)
    assert not letters(office)


def test_a_note_finds_its_root_deleted_and_both_are_there_again(office: Office) -> None:
    office.put(state(1))
    office.work()
    office.slack.delete_message(office.slack.messages(CHANNEL)[0].ts, CHANNEL)
    office.put(note(1))
    office.work()
    office.let_time_pass()
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert len(office.slack.thread(root.ts, CHANNEL)) == 1
    assert not letters(office)


def test_a_rate_limit_is_obeyed_and_the_message_comes_later(office: Office) -> None:
    office.slack.fail_next("rate_limited", method="chat.postMessage", retry_after=30)
    office.put(state(1))
    office.work()

    assert not office.texts()
    due = office.client.zscore("jobmon:wake", f"deliver:{office.key()}") or 0
    assert due / 1000 - office.client.time()[0] > 25
    office.client.delete(*office.client.scan_iter("jobmon:pause:*"))
    office.let_time_pass()
    office.work()
    assert len(office.texts()) == 1


def test_a_note_that_slack_refuses_does_not_bury_the_rest_of_its_mailbox(office: Office) -> None:
    office.put(state(1))
    office.work()
    office.slack.fail_next("error", method="chat.postMessage", error="user_is_restricted")
    office.put(note(1), note(2), note(3))
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert len(office.slack.thread(root.ts, CHANNEL)) == 2
    assert set(letters(office)) == {"n-1"}
    assert "user_is_restricted" in letters(office)["n-1"]


def test_what_was_buried_is_not_tried_again_with_the_rest(office: Office) -> None:
    office.put(state(1))
    office.work()
    office.slack.fail_next("error", method="chat.postMessage", error="user_is_restricted")
    office.slack.fail_next("rate_limited", method="chat.postMessage")
    office.put(note(1), note(2))
    office.work()
    office.client.delete(*office.client.scan_iter("jobmon:pause:*"))
    office.let_time_pass()
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    (reply,) = office.slack.thread(root.ts, CHANNEL)
    assert "note 2" in reply.text
    assert set(letters(office)) == {"n-1"}


def test_with_a_dead_credential_it_is_told_by_mail_and_kept_as_a_dead_letter(
    office: Office,
) -> None:
    office.slack.fail_next("error", error="token_revoked", times=9)
    office.put(state(1), note(1))
    office.work()
    office.let_time_pass()
    office.work()

    (mail,) = office.mailbox.messages
    assert "could not be reached" in mail.message.as_string().replace("=\n", "")
    assert set(letters(office)) == {"d-1", "n-1"}
    assert "token_revoked" in letters(office)["d-1"]


def test_a_replayed_letter_is_delivered_when_the_credential_is_good_again(office: Office) -> None:
    office.slack.fail_next("error", error="token_revoked", times=1)
    office.put(state(1))
    office.work()
    (letter,) = office.queue.dead_letters()

    office.queue.replay(letter.letter_id)
    office.work()

    assert len(office.texts()) == 1
    assert not letters(office)


def test_where_mail_is_told_anyway_the_log_takes_what_slack_cannot(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = replace(
        state(1).digest.incident,
        destinations=(f"slack:{CHANNEL}", "email:oncall@example.com"),
    )
    office.slack.fail_next("error", error="is_archived")
    office.put(replace(state(1), digest=replace(state(1).digest, incident=incident)))
    office.work()
    office.let_time_pass()
    office.work()

    assert not office.mailbox.messages
    assert "is_archived" in letters(office)["d-1"]
    assert "could not be reached" in capsys.readouterr().err


def test_a_worker_that_lost_its_lease_sends_nothing(office: Office) -> None:
    office.put(state(1))
    box = f"jobmon:box:deliver:{office.key()}"

    def lose_it_while_waiting(_wait: timedelta) -> None:
        office.client.hset(box, "token", "another's")

    install(replace(office.services, sleep=lose_it_while_waiting))
    for _ in range(6):  # so that there is a turn to wait for
        office.services.limiter.reserve(f"slack-post-{CHANNEL}", rate=1.1, burst=6)
    office.work()

    assert not office.texts()
    assert not letters(office)
