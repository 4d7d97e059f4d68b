"""What may have been sent is looked up, and what is missing of it is added."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jobmon.clock import utc_now
from tests.workers.office import CHANNEL, Office, state
from workers.services import install


@pytest.mark.parametrize("minutes", [-9, 0, 9], ids="clock {}m off".format)
def test_a_lost_answer_is_found_though_our_clock_is_not_slacks(
    office: Office, minutes: int
) -> None:
    ours = replace(office.services, now=lambda: utc_now() + timedelta(minutes=minutes))
    install(ours)
    office.slack.fail_next("drop_after", method="chat.postMessage")
    office.put(state(1))
    office.work()
    office.let_time_pass()
    office.work()

    assert len(office.slack.messages(CHANNEL)) == 1
