"""Posts and edits have rates of their own: where Slack asks to wait with one, the other goes on."""

from dataclasses import replace

from jobmon.digest import Delivery
from tests.workers.office import Office, state


def other(name: str, number: int) -> Delivery:
    """The message of another incident, as of one of its versions."""
    delivery = state(number)
    incident = replace(delivery.digest.incident, incident_id=f"inc-{name}")
    digest = replace(delivery.digest, incident=incident)
    return replace(delivery, digest=digest, delivery_id=f"d-{name}-{number}")


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
