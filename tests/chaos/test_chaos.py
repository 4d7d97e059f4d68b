"""The short form of the fault suite; `make chaos` runs the long one."""

import pytest

from jobmon.demo.workspace.faults import Fault, FaultKind
from tests.chaos.campaign import Campaign
from tests.chaos.house import House
from tests.support.waiting import wait_until


@pytest.mark.timeout(240)
def test_whatever_is_killed_every_event_is_told_once() -> None:
    with House() as house:
        report = Campaign(house, seed=7, kills=12, runs=3, gap=0.5).run()

    assert report.runs >= 3
    assert not report.lost
    assert not report.doubled
    assert not report.mails_lost
    assert not report.mails_doubled
    assert not report.dead


@pytest.mark.timeout(120)
def test_a_run_whose_workers_are_killed_in_the_middle_is_told_within_a_minute() -> None:
    with House(workers=1) as house:
        house.workspace.fail(Fault(path="runs/get", kind=FaultKind.SLOW, seconds=8))
        run = house.new_run(1, failed=1)
        assert house.post(run) == 202
        wait_until(lambda: house.workspace.calls_to("runs/get"))

        house.kill(house.pids("worker"))

        wait_until(lambda: house.roots_of(run), within=60, every=0.1)
