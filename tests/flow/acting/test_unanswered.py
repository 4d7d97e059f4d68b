"""What people asked for does not depend on whether they can be answered."""

from dataclasses import replace
from http.client import BadStatusLine

from jobmon.demo.workspace import PretendRun
from tests.flow.acting.conftest import ANA, BO, Desk
from workers.services import install


class Broken:
    """Answers that fail in a way that nobody thought of."""

    def reply(self, response_url: str, text: str, **_: object) -> None:
        """Fail."""
        raise BadStatusLine("nonsense")


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
