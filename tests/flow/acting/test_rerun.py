"""`/jobmon rerun`: a repair where it can be one, once, and its outcome in words."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import redis.exceptions

from jobmon.action import Permission
from jobmon.demo.scenarios import platform, training
from jobmon.demo.workspace import Fault, FaultKind, PretendRun
from jobmon.incident_event import without_repair
from jobmon.ports.queue import JobQueue
from tests.flow.acting.conftest import ANA, BO, EVERYTHING, STARTED, Desk
from workers.services import install


class KilledAfterRepair:
    """A queue whose worker dies when it asks for the first look at a repair."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue

    def put(self, *_: object, **__: object) -> bool:
        raise redis.exceptions.ConnectionError

    def __getattr__(self, name: str) -> Any:
        return getattr(self._queue, name)


def test_rerun_repairs_what_failed_and_keeps_the_parameters(desk: Desk) -> None:
    desk.fails(training.failed(501, STARTED))
    desk.types("rerun 501")
    assert desk.repairs == 0
    assert "A rerun will most likely fail again" in desk.told()[-1]

    desk.types("rerun 501")

    (call,) = desk.world.workspace.calls_to("/jobs/runs/repair")
    assert call.parameters["rerun_all_failed_tasks"] is True
    assert call.parameters["rerun_dependent_tasks"] is True
    assert call.parameters["job_parameters"]["env"] == "prod"  # type: ignore[index]
    assert "repairs run 501: the failed tasks" in desk.told()[-1]


def test_a_second_repair_names_the_one_before(desk: Desk, transient: PretendRun) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, succeeds=False)
    desk.types("rerun 501")
    desk.time_passes()
    first = desk.world.workspace.content.runs[501]["repair_history"][-1]["id"]
    desk.types(f"rerun {transient.run['run_name']}")

    call = desk.world.workspace.calls_to("/jobs/runs/repair")[-1]
    assert call.parameters["latest_repair_id"] == first


def test_without_a_name_the_latest_open_incident_is_named_before_anything_is_done(
    desk: Desk, transient: PretendRun
) -> None:
    desk.types("rerun")

    named, done = desk.told()
    assert named.startswith("The latest open incident here:\n❌ *hourly_sessions*: ")
    assert "repairs run 501" in done
    assert desk.repairs == 1


def test_without_a_name_a_question_names_the_incident_too(desk: Desk) -> None:
    desk.fails(training.failed(501, STARTED))
    desk.types("rerun")

    named, question = desk.told()
    assert "train_models" in named
    assert "A rerun will most likely fail again" in question
    assert desk.repairs == 0


def test_without_a_name_another_channels_incident_is_not_meant(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.slack.add_channel("C0OTHER0001", "other")
    desk.types("rerun", channel="C0OTHER0001")

    assert "Nothing is open in this channel" in desk.told()[-1]
    assert desk.repairs == 0


def test_all_runs_the_whole_job_anew_and_says_so(desk: Desk, transient: PretendRun) -> None:
    desk.types("rerun 501 --all --params day=monday")

    assert (desk.repairs, desk.new_runs) == (0, 1)
    assert "started the whole job anew" in desk.told()[-1]
    (call,) = desk.world.workspace.calls_to("/jobs/run-now")
    assert call.parameters["job_parameters"] == {"day": "monday"}


def test_a_run_too_old_to_repair_is_run_anew_and_says_why(desk: Desk) -> None:
    desk.fails(platform.spot_instance_lost(501, STARTED - timedelta(days=61)))
    desk.types("rerun 501")

    assert (desk.repairs, desk.new_runs) == (0, 1)
    assert "older than 60 days" in desk.told()[-1]
    assert "started the whole job anew" in desk.told()[-1]


def test_a_run_that_databricks_has_forgotten_is_run_anew(desk: Desk, transient: PretendRun) -> None:
    runs = desk.world.workspace.content.runs
    runs[77] = {**runs.pop(501), "run_id": 77, "start_time": 1}
    desk.types("rerun hourly_sessions")

    assert (desk.repairs, desk.new_runs) == (0, 1)
    assert "has forgotten run 501" in desk.told()[-1]


def test_chosen_tasks_are_run_with_what_depends_on_them(desk: Desk) -> None:
    desk.fails(training.failed(501, STARTED))
    desk.types("rerun 501 --tasks train_churn_att")
    assert "has no task train_churn_att. Did you mean train_churn_at?" in desk.told()[-1]

    desk.types("rerun 501 --tasks train_churn_at")
    desk.types("rerun 501 --tasks train_churn_at")
    (call,) = desk.world.workspace.calls_to("/jobs/runs/repair")
    assert call.parameters["rerun_tasks"] == ["train_churn_at"]


def test_what_speaks_against_a_rerun_is_said_in_words(desk: Desk, transient: PretendRun) -> None:
    desk.world.workspace.add(
        replace(transient, run={**training.succeeded(502, STARTED + timedelta(minutes=9)).run,
                                "job_id": transient.job_id})
    )  # fmt: skip
    desk.types("rerun 501")
    assert "A newer run of this job has succeeded" in desk.told()[-1]

    desk.types("rerun 502")
    assert "succeeded" in desk.told()[-1]
    desk.types("rerun 404404")
    assert "Nothing was done" in desk.told()[-1]
    assert desk.repairs == 0


@pytest.mark.parametrize("kind", [FaultKind.DROP_AFTER, FaultKind.NONSENSE], ids=str)
def test_a_doubtful_answer_is_settled_by_the_runs_history(
    desk: Desk, transient: PretendRun, kind: FaultKind
) -> None:
    desk.world.workspace.fail(Fault(path="/jobs/runs/repair", kind=kind))
    desk.types("rerun 501")

    assert desk.repairs == 1
    assert "repairs run 501" in desk.told()[-1]


def test_a_repair_that_surely_did_not_begin_is_not_tried_again(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.fail(Fault(path="/jobs/runs/repair", kind=FaultKind.DROP))
    desk.types("rerun 501")
    assert desk.repairs == 1
    assert "history shows none" in desk.told()[-1]

    desk.types("rerun 501")
    assert desk.repairs == 2
    assert "repairs run 501" in desk.told()[-1]


def test_a_worker_killed_after_the_repair_began_begins_no_other_and_says_so(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, takes=60)
    desk.configure(Permission(actions=EVERYTHING, users=(ANA,)))
    whole = desk.services
    install(replace(whole, queue=KilledAfterRepair(whole.queue)))
    desk.types("rerun 501")
    assert desk.repairs == 1
    assert not whole.store.audit()

    install(whole)
    desk.world.client.hset("jobmon:box:act:channel-C0123456789", "until", 0)
    desk.time_passes()

    assert desk.repairs == 1
    assert "repairs run 501" in desk.told()[-1]
    assert "is being rerun" in desk.root.text
    (outcome,) = whole.store.audit()
    assert outcome.done


@pytest.mark.parametrize(
    "command", ["rerun 501 --all --tasks prepare", "run train_models --tasks prepare"]
)
def test_a_command_that_contradicts_itself_starts_nothing(
    desk: Desk, transient: PretendRun, command: str
) -> None:
    desk.types(command)

    assert desk.repairs == 0
    assert desk.new_runs == 0


@pytest.mark.parametrize("wish", ["rerun 501", "rerun 501 --all", "rerun hourly_sessions"])
def test_nothing_is_rerun_beside_the_new_run_that_was_started_in_its_place(
    desk: Desk, transient: PretendRun, wish: str
) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, takes=600)
    seen = desk.seen
    desk.types("rerun 501 --all", who=ANA)
    for key in desk.world.client.scan_iter("jobmon:once:rerun-*"):
        desk.world.client.delete(key)  # ten minutes later
    desk.types(wish, who=BO)
    desk.clicks_only(seen, "jobmon.rerun", who=BO)
    desk.world.work()

    assert (desk.repairs, desk.new_runs) == (0, 1)
    assert all(f"<@{ANA}> has rerun it already: run " in text for text in desk.told(BO))


def test_of_a_repair_and_a_new_run_asked_for_at_once_one_is_started(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, takes=600)
    desk.types("rerun 501 --all", who=ANA)
    services = desk.services
    incident = services.store.incidents()[0]
    services.store.transact(  # as it stands until what Ana started is written down
        [], lambda tx: services.store.save_incident(tx, without_repair(incident))
    )
    desk.types("rerun 501", who=BO)

    assert (desk.repairs, desk.new_runs) == (0, 1)
    assert desk.told(BO) == [f"That was asked for already, by <@{ANA}>."]


def one_time(run: PretendRun) -> PretendRun:
    """The same, submitted without a job."""
    return replace(run, run={key: value for key, value in run.run.items() if key != "job_id"})


def test_a_one_time_run_is_repaired(desk: Desk) -> None:
    desk.fails(one_time(platform.spot_instance_lost(501, STARTED)))
    desk.types("rerun 501")

    assert (desk.repairs, desk.new_runs) == (1, 0)


def test_a_one_time_run_cannot_be_started_anew(desk: Desk) -> None:
    desk.fails(one_time(platform.spot_instance_lost(501, STARTED)))
    desk.types("rerun 501 --all")

    assert (desk.repairs, desk.new_runs) == (0, 0)
    assert "It belongs to no job that could be run anew." in desk.told()[-1]
