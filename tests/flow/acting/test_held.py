"""What people do with a failure that is not told yet."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jobmon.settings import Maintenance
from tests.flow.acting.conftest import Desk
from tests.flow.jobs import a_failed_run, let_fail


def test_what_was_held_back_does_not_undo_what_somebody_did_meanwhile(desk: Desk) -> None:
    now = datetime.now(UTC)
    window = Maintenance(start=now - timedelta(hours=1), end=now + timedelta(hours=1))
    desk.configure(
        *desk.services.settings.permissions,
        policy=replace(desk.services.settings.policy, maintenance=(window,)),
    )
    let_fail(desk.world, a_failed_run(7))
    desk.types("ack job_7")
    assert "acknowledged" in desk.root.text.lower()

    desk.time_passes()

    assert "acknowledged" in desk.root.text.lower()
    assert "jobmon.ack" not in desk.buttons
