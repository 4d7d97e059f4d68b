"""What people asked for does not depend on whether they can be answered."""

from dataclasses import replace
from datetime import timedelta
from http.client import BadStatusLine

from jobmon.demo.slack.hooks import RESPONSE_URL
from jobmon.demo.workspace import PretendRun
from tests.flow.acting.conftest import ANA, BO, Desk
from workers.services import install


class Broken:
    """Answers that fail in a way that nobody thought of."""

    def reply(self, response_url: str, text: str, **_: object) -> None:
        """Fail."""
        raise BadStatusLine("nonsense")

    def tell(self, user_id: str, text: str) -> None:
        """Fail."""
        raise BadStatusLine("nonsense")


def test_an_answer_that_slack_asks_to_wait_with_is_given_after_that(
    desk: Desk, transient: PretendRun
) -> None:
    waited: list[timedelta] = []
    install(replace(desk.services, sleep=waited.append))
    desk.world.slack.fail_next("rate_limited", method=RESPONSE_URL, retry_after=3)

    desk.types("incidents")

    assert waited == [timedelta(seconds=3)]
    assert "hourly_sessions" in desk.world.slack.team.ephemerals[-1].text


def test_an_answer_that_slack_wants_in_a_minute_keeps_nobody_waiting(
    desk: Desk, transient: PretendRun
) -> None:
    waited: list[timedelta] = []
    install(replace(desk.services, sleep=waited.append))
    desk.world.slack.fail_next("rate_limited", method=RESPONSE_URL, retry_after=60)

    desk.types("incidents")

    assert not waited
    assert not desk.world.slack.team.ephemerals


def test_an_answer_that_cannot_be_given_stops_nothing_of_what_was_asked_for(
    desk: Desk, transient: PretendRun
) -> None:
    install(replace(desk.services, replies=Broken()))
    seen = desk.seen
    desk.clicks_only(seen, "jobmon.ack", who=ANA)
    desk.clicks_only(seen, "jobmon.rerun", who=BO)
    desk.world.work()

    assert desk.repairs == 1
    assert [item.done for item in desk.services.store.audit()] == [True, True]
    assert not desk.services.queue.dead_letters()
