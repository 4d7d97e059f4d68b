"""Posts and edits have rates of their own: where Slack asks to wait with one, the other goes on."""

from dataclasses import replace
from datetime import timedelta

from jobmon.digest import Delivery
from jobmon.ports.queue import WorkKind
from tests.workers.office import CHANNEL, Office, note, state
from workers.services import install


def other(name: str, number: int) -> Delivery:
    """The message of another incident, as of one of its versions."""
    delivery = state(number)
    incident = replace(delivery.digest.incident, incident_id=f"inc-{name}")
    digest = replace(delivery.digest, incident=incident)
    return replace(delivery, digest=digest, delivery_id=f"d-{name}-{number}")


class BurstBegun:
    """A limit whose burst has begun."""

    def reserve(self, *_: object, burst: int, **__: object) -> timedelta:
        """Now, for what may still use it."""
        return timedelta(0) if burst > 1 else timedelta(minutes=1)

    def pause(self, *_: object) -> None:
        """Never."""


def sent(office: Office) -> tuple[int, int]:
    """How often it was posted and edited."""
    calls = office.slack.calls_of
    return len(calls("chat.postMessage")), len(calls("chat.update"))


def test_slack_asks_to_wait_with_edits_and_first_messages_go_on(office: Office) -> None:
    office.put(other("a", 1), other("b", 1))
    office.work()
    office.slack.fail_next("rate_limited", method="chat.update", retry_after=60)
    office.put(other("a", 2))
    office.work()

    office.put(other("b", 2), other("c", 1))
    office.work()

    assert sent(office) == (3, 1)


def test_slack_asks_to_wait_with_posts_and_edits_go_on(office: Office) -> None:
    office.put(other("a", 1))
    office.work()
    office.slack.fail_next("rate_limited", method="chat.postMessage", retry_after=60)
    office.put(other("b", 1))
    office.work()

    office.put(other("a", 2), other("c", 1))
    office.work()

    assert sent(office) == (2, 1)


def test_the_burst_is_for_the_messages_that_people_wait_for_not_for_lines_below_them(
    office: Office,
) -> None:
    install(replace(office.services, limiter=BurstBegun()))
    office.put(state(1), note(1))
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert not office.slack.thread(root.ts)
    assert office.queue.has_work(WorkKind.DELIVER, office.key())
