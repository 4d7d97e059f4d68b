"""What became of a delivery is remembered and counted."""

from datetime import timedelta

from jobmon.digest import Destination
from tests.workers.office import CHANNEL, Office, state
from workers.failing import failing_since

THE_CHANNEL = Destination.parse(f"slack:{CHANNEL}")


def outcomes(office: Office) -> set[tuple[str, str]]:
    """What was counted: each outcome, and why."""
    counted = (dict(labels) for name, labels in office.services.store.counters())
    return {(item["outcome"], item["reason"]) for item in counted if "outcome" in item}


def failing(office: Office) -> frozenset[Destination]:
    """The places that take nothing now."""
    since = office.services.now() - timedelta(minutes=1)
    return failing_since(office.services.store.last_words(), since)


def test_what_arrives_is_counted_and_is_the_last_delivery(office: Office) -> None:
    office.put(state(1))
    office.work()

    last = office.services.store.last_words()
    assert outcomes(office) == {("delivered", "none")}
    assert "delivery" in last
    assert not [name for name in last if name.startswith("trouble:")]


def test_what_does_not_arrive_is_counted_with_the_kind_of_its_error(office: Office) -> None:
    office.slack.fail_next("rate_limited")
    office.put(state(1))
    office.work()

    assert outcomes(office) == {("postponed", "transient_error")}
    assert failing(office) == {THE_CHANNEL}
    assert "delivery" not in office.services.store.last_words()
