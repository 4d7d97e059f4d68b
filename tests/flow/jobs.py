"""Small runs of small jobs, which fail with what a test wants or are well."""

from datetime import UTC, datetime, timedelta
from typing import Any

from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.demo.workspace import PretendRun
from tests.flow.conftest import World

STARTED = datetime.now(UTC) - timedelta(minutes=30)
METASTORE = (
    "org.apache.hadoop.hive.ql.metadata.HiveException: "
    "java.sql.SQLNonTransientConnectionException: "
    "Could not connect to address=(host=metastore.example.com)(port=3306): Connection refused"
)
MODULE = "ModuleNotFoundError: No module named 'holidays'"


def _builder(job: int, number: int, fields: dict[str, Any]) -> RunBuilder:
    return RunBuilder(
        run_id=job * 1_000_000 + number,
        job_id=job,
        name=f"job_{job}",
        started_at=STARTED + timedelta(minutes=number),
        **fields,
    )


def a_failed_run(job: int, number: int = 0, *errors: str, **fields: Any) -> PretendRun:
    """The job's run with this number: one failed task for each error."""
    builder = _builder(job, number, fields)
    for index, error in enumerate(errors or (METASTORE,)):
        output = failed_output(error)
        builder.task(f"load_{index}", notebook("/x"), result="FAILED", output=output)
    return builder.build()


def a_good_run(job: int, number: int, **fields: Any) -> PretendRun:
    """The job's run with this number, all well."""
    builder = _builder(job, number, fields)
    builder.task("load_0", notebook("/x"))
    return builder.build(result="SUCCESS")


def let_fail(world: World, *runs: PretendRun) -> None:
    """Let runs fail, one after the other, each told of and worked off."""
    for run in runs:
        world.fails(world.workspace.add(run).run_id)
        world.work()


def let_succeed(world: World, *runs: PretendRun) -> None:
    """Let runs succeed, one after the other."""
    for run in runs:
        world.workspace.add(run)
        world.post(world.workspace.event(run.run_id, kind="jobs.on_success"))
        world.work()
