"""`jobmon rerun` and `jobmon cancel`: act on a run from the command line."""

import click

from jobmon.cli.shell import in_words, settings_from_environment
from jobmon.errors import DoubtfulError, PermanentError
from jobmon.ports.workspace import Workspace
from jobmon.run import Outcome, RepairId, Run, RunId


@click.command()
@click.argument("run_id", type=int)
@click.option("--tasks", default="", help="Only these tasks, comma separated.")
@click.option("--workspace", default="", help="The workspace's name in jobmon.toml.")
@in_words
def rerun(run_id: int, *, tasks: str, workspace: str) -> None:
    """Repair RUN_ID: run its failed tasks and what depends on them again, in the same run."""
    from jobmon.cli import run_report  # noqa: PLC0415 (the SDK takes a second to import)

    client = run_report.workspace_named(settings_from_environment(), workspace)
    chosen = tuple(key.strip() for key in tasks.split(",") if key.strip())
    with run_report.progress("asking for a repair"):
        run = client.run(RunId(run_id))
        _check_can_repair(run)
        repair_id = repair_once(client, run, chosen)
    click.echo(f"Repair {repair_id} of run {run_id} has started: {run.url}")


@click.command()
@click.argument("run_id", type=int)
@click.option("--workspace", default="", help="The workspace's name in jobmon.toml.")
@in_words
def cancel(run_id: int, *, workspace: str) -> None:
    """Ask RUN_ID to stop."""
    from jobmon.cli import run_report  # noqa: PLC0415 (the SDK takes a second to import)

    client = run_report.workspace_named(settings_from_environment(), workspace)
    with run_report.progress("asking it to stop"):
        client.cancel(RunId(run_id))
    click.echo(f"Run {run_id} was asked to stop.")


def repair_once(client: Workspace, run: Run, tasks: tuple[str, ...] = ()) -> RepairId:
    """Repair a run; a doubtful answer is settled by the run's history, never by trying again.

    Raises PermanentError when the history shows no new repair.
    """
    try:
        return client.repair(run, tasks=tasks)
    except DoubtfulError as exc:
        latest = max((item.repair_id for item in client.repairs(run.run_id)), default=None)
        if latest is not None and latest != run.repair_id:
            return latest
        raise PermanentError(
            f"Databricks did not say whether the repair of run {run.run_id} started, and its "
            "history shows none yet: look at the run before you try again"
        ) from exc


def _check_can_repair(run: Run) -> None:
    if run.outcome is None:
        raise PermanentError(f"run {run.run_id} is still active: wait for its end, or cancel it")
    if run.outcome is Outcome.SUCCEEDED:
        raise PermanentError(f"run {run.run_id} succeeded: there is nothing to repair")
