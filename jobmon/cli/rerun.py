"""`jobmon rerun` and `jobmon cancel`: act on a run from the command line."""

from datetime import UTC, datetime

import click

from jobmon.action import ActionKind
from jobmon.cancel import require_whole
from jobmon.cli.run_number import RUN_NUMBER, GivenRun
from jobmon.cli.shell import in_words, of_workspace, settings_from_environment
from jobmon.errors import PermanentError
from jobmon.repair import Way, plan_rerun
from jobmon.run import FAILURES, Run


@click.command()
@click.argument("given", metavar="RUN_ID", type=RUN_NUMBER)
@click.option(
    "--tasks", help="Only these tasks, comma separated; all failed ones where it is left out."
)
@of_workspace
@in_words
def rerun(given: GivenRun, *, tasks: str | None, workspace: str) -> None:
    """Repair RUN_ID: run its failed tasks and what depends on them again, in the same run."""
    from jobmon.cli import run_report  # noqa: PLC0415 (the SDK takes a second to import)
    from jobmon.cli.on_record import on_record  # noqa: PLC0415
    from workers.act.repair_once import repair_once  # noqa: PLC0415
    from workers.services import wait  # noqa: PLC0415

    chosen = tuple(key.strip() for key in (tasks or "").split(",") if key.strip())
    if tasks is not None and not chosen:
        raise click.UsageError("--tasks wants task keys: --tasks load,train")
    settings = settings_from_environment()
    client = run_report.workspace_named(settings, workspace, given)
    with run_report.progress("asking for a repair"):
        run = run_report.run_of(client, given.run_id)

        def deed() -> str:
            plan = plan_rerun(run, now=datetime.now(UTC), tasks=chosen)
            if plan.way is not Way.REPAIR:
                raise PermanentError(plan.why)
            repair_id = repair_once(client, run, tasks=chosen, sleep=wait)
            return f"Repair {repair_id} of run {given.run_id} has started"

        said = on_record(settings, ActionKind.RERUN, run, deed, tasks=chosen)
    click.echo(f"{said}: {run.url}")


@click.command()
@click.argument("given", metavar="RUN_ID", type=RUN_NUMBER)
@of_workspace
@in_words
def cancel(given: GivenRun, *, workspace: str) -> None:
    """Ask RUN_ID to stop, all of it; one that has ended is left alone."""
    from jobmon.cli import run_report  # noqa: PLC0415 (the SDK takes a second to import)
    from jobmon.cli.on_record import on_record  # noqa: PLC0415

    settings = settings_from_environment()
    client = run_report.workspace_named(settings, workspace, given)
    with run_report.progress("asking it to stop"):
        run = run_report.run_of(client, given.run_id)

        def deed() -> str:
            require_whole(run, given.run_id)
            if run.outcome is not None:
                raise PermanentError(_ended(run))
            client.cancel(run.run_id)
            return f"Run {given.run_id} was asked to stop."

        said = on_record(settings, ActionKind.CANCEL, run, deed)
    click.echo(said)


def _ended(run: Run) -> str:
    how = str(run.outcome).replace("_", " ")
    at = f", at {run.ended_at:%Y-%m-%d %H:%M} UTC" if run.ended_at else ""
    why = f"; `jobmon diagnose {run.run_id}` says why" if run.outcome in FAILURES else ""
    return f"run {run.run_id} has ended already: {how}{at}{why}"
