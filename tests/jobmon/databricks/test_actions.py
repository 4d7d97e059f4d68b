import pytest

from jobmon.databricks.workspace import SdkWorkspace
from jobmon.demo.scenarios import training
from jobmon.demo.workspace import Fault, FaultKind, PretendWorkspace
from jobmon.errors import DoubtfulError, NotFound, PermanentError, TransientError
from jobmon.run import JobId, Outcome, Run, RunId
from tests.jobmon.databricks.support import RUN_ID, STARTED_AT, connected

REPAIR = "/runs/repair"


@pytest.fixture
def failed(pretend: PretendWorkspace, workspace: SdkWorkspace) -> Run:
    pretend.add(training.failed(RUN_ID, STARTED_AT))
    return workspace.run(RunId(RUN_ID))


def test_a_repair_runs_the_failed_tasks_again_in_the_same_run(
    pretend: PretendWorkspace, workspace: SdkWorkspace, failed: Run
) -> None:
    repair_id = workspace.repair(failed)

    again = workspace.run(failed.run_id)
    assert again.outcome is Outcome.SUCCEEDED
    assert (again.repair_id, again.repairs) == (repair_id, 1)
    assert again.attempts_key != failed.attempts_key
    assert [repair.repair_id for repair in workspace.repairs(failed.run_id)] == [repair_id]


def test_a_repair_keeps_the_runs_parameters(
    pretend: PretendWorkspace, workspace: SdkWorkspace, failed: Run
) -> None:
    workspace.repair(failed, parameters={"env": "test"})

    (call,) = pretend.calls_to(REPAIR)
    assert call.parameters["job_parameters"] == {"snapshot_date": "2026-11-23", "env": "test"}
    assert call.parameters["rerun_all_failed_tasks"] is True
    assert call.parameters["rerun_dependent_tasks"] is True


@pytest.mark.parametrize(
    ("parameter", "kept"),
    [
        ({"value": ""}, ""),
        ({"value": "_test"}, "_test"),
        ({"value": None}, "_prod"),
        ({}, "_prod"),
    ],
    ids=["set to nothing", "set", "null", "left at its default"],
)
def test_a_repair_uses_the_jobs_default_only_where_the_run_had_no_value(
    pretend: PretendWorkspace,
    workspace: SdkWorkspace,
    failed: Run,
    parameter: dict[str, object],
    kept: str,
) -> None:
    named = {"name": "suffix", "default": "_prod", **parameter}
    pretend.content.runs[RUN_ID]["job_parameters"] = [named]

    workspace.repair(failed)

    (call,) = pretend.calls_to(REPAIR)
    assert call.parameters["job_parameters"] == {"suffix": kept}


def test_chosen_tasks_are_each_named_once(
    pretend: PretendWorkspace, workspace: SdkWorkspace, failed: Run
) -> None:
    workspace.repair(failed, tasks=["train_churn_at", "train_churn_at"])

    (call,) = pretend.calls_to(REPAIR)
    assert call.parameters["rerun_tasks"] == ["train_churn_at"]
    assert "rerun_all_failed_tasks" not in call.parameters


def test_a_second_repair_names_the_first_even_when_the_run_was_read_before_it(
    pretend: PretendWorkspace, workspace: SdkWorkspace, failed: Run
) -> None:
    pretend.repair_outcome(training.JOB_ID, succeeds=False)
    first = workspace.repair(failed)

    second = workspace.repair(failed)

    assert pretend.calls_to(REPAIR)[-1].parameters["latest_repair_id"] == first
    assert [repair.repair_id for repair in workspace.repairs(failed.run_id)] == [first, second]


def test_an_active_run_cannot_be_repaired(
    pretend: PretendWorkspace, workspace: SdkWorkspace, failed: Run
) -> None:
    pretend.repair_outcome(training.JOB_ID, takes=3600)
    workspace.repair(failed)

    with pytest.raises(PermanentError, match="cannot be repaired while it is active"):
        workspace.repair(failed)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(path=REPAIR, kind=FaultKind.DROP_AFTER),
        Fault(path=REPAIR, kind=FaultKind.DROP),
        Fault(path=REPAIR, kind=FaultKind.NONSENSE),
        Fault(path=REPAIR, kind=FaultKind.STATUS, status=500, after=True),
        Fault(path=REPAIR, kind=FaultKind.STATUS, status=503, after=True, retry_after=1),
        Fault(path=REPAIR, kind=FaultKind.STATUS, status=504, after=True),
    ],
    ids=lambda fault: f"{fault.kind} {fault.status}",
)
def test_a_doubtful_repair_is_sent_once_and_said_to_be_doubtful(
    pretend: PretendWorkspace, workspace: SdkWorkspace, failed: Run, fault: Fault
) -> None:
    pretend.fail(fault)

    with pytest.raises(DoubtfulError, match="may or may not be done"):
        workspace.repair(failed)

    assert len(pretend.calls_to(REPAIR)) == 1
    assert len(workspace.repairs(failed.run_id)) == (1 if fault.takes_effect else 0)


def test_a_throttled_repair_was_not_taken(
    pretend: PretendWorkspace, workspace: SdkWorkspace, failed: Run
) -> None:
    pretend.fail(Fault(path=REPAIR, kind=FaultKind.STATUS, status=429, retry_after=4))

    with pytest.raises(TransientError) as caught:
        workspace.repair(failed)

    assert caught.value.retry_after is not None
    assert caught.value.retry_after.total_seconds() == 4
    assert workspace.repairs(failed.run_id) == ()


def test_the_same_token_starts_one_run(
    pretend: PretendWorkspace, workspace: SdkWorkspace, failed: Run
) -> None:
    token = "a token that is longer than Databricks takes " * 3
    first = workspace.run_now(JobId(training.JOB_ID), token=token, parameters={"env": "test"})

    assert workspace.run_now(JobId(training.JOB_ID), token=token) == first
    assert workspace.run_now(JobId(training.JOB_ID), token="another") != first
    assert workspace.run(first).outcome is Outcome.SUCCEEDED


def test_a_lost_answer_to_run_now_starts_no_second_run(
    pretend: PretendWorkspace, workspace: SdkWorkspace, failed: Run
) -> None:
    pretend.fail(Fault(path="/run-now", kind=FaultKind.DROP_AFTER))

    started = workspace.run_now(JobId(training.JOB_ID), token="t")

    runs = workspace.runs_of(JobId(training.JOB_ID))
    assert {run.run_id for run in runs} == {failed.run_id, started}


def test_a_cancelled_run_ends_as_cancelled(
    pretend: PretendWorkspace, workspace: SdkWorkspace, failed: Run
) -> None:
    pretend.repair_outcome(training.JOB_ID, takes=3600)
    workspace.repair(failed)
    assert workspace.run(failed.run_id).outcome is None

    workspace.cancel(failed.run_id)

    assert workspace.run(failed.run_id).outcome is Outcome.CANCELLED


@pytest.mark.parametrize("name_or_id", ["train_models", str(training.JOB_ID)])
def test_a_job_is_found_by_id_or_exact_name(
    workspace: SdkWorkspace, failed: Run, name_or_id: str
) -> None:
    assert workspace.job(name_or_id).job_id == training.JOB_ID


@pytest.mark.parametrize("name_or_id", ["Train_Models", "train", "17"])
def test_a_name_that_is_not_exact_finds_nothing(
    workspace: SdkWorkspace, failed: Run, name_or_id: str
) -> None:
    with pytest.raises(NotFound, match="no job on"):
        workspace.job(name_or_id)


def test_a_name_that_two_jobs_have_is_refused(pretend: PretendWorkspace) -> None:
    for job_id in (1, 2):
        pretend.content.jobs[job_id] = {"job_id": job_id, "settings": {"name": "same"}}

    with pytest.raises(PermanentError, match=r"several jobs .* \(1, 2\)"):
        connected(pretend).job("same")


def test_who_may_manage_a_run_is_told_by_the_jobs_permissions(
    pretend: PretendWorkspace, workspace: SdkWorkspace, failed: Run
) -> None:
    job_id = JobId(training.JOB_ID)
    pretend.allow(job_id, user="ana@example.com", level="CAN_MANAGE_RUN")
    pretend.allow(job_id, user="ben@example.com", level="CAN_VIEW")
    pretend.allow(job_id, group="ml", level="CAN_MANAGE")
    pretend.add_user("cleo@example.com", groups=["ml"])
    pretend.add_user("dan@example.com", groups=["sales"])

    assert workspace.can_manage_run(job_id, "Ana@example.com")
    assert workspace.can_manage_run(job_id, "cleo@example.com")
    assert not workspace.can_manage_run(job_id, "ben@example.com")
    assert not workspace.can_manage_run(job_id, "dan@example.com")
    assert not workspace.can_manage_run(job_id, 'x" or userName eq "cleo@example.com')
