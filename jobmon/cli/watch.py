"""`jobmon watch`: follow a run to its end, then say how it went."""

import sys
from collections.abc import Callable
from time import monotonic, sleep

import click

from jobmon.cli.exit_codes import EXIT_FAILED, EXIT_STOPPED, EXIT_SUCCEEDED
from jobmon.cli.run_number import RUN_NUMBER, GivenRun
from jobmon.cli.shell import in_words, of_workspace, settings_from_environment
from jobmon.errors import TransientError
from jobmon.ports.workspace import Workspace
from jobmon.run import Outcome, Run, RunId
from jobmon.settings import Settings

FIRST_POLL_SECONDS = 2.0
LONGEST_POLL_SECONDS = 20.0
LONGEST_SILENCE_SECONDS = 600.0
"""How long a run that could be read once may be unreadable for now."""

EXITS = {
    Outcome.SUCCEEDED: EXIT_SUCCEEDED,
    Outcome.CANCELLED: EXIT_STOPPED,
    Outcome.SKIPPED: EXIT_STOPPED,
    Outcome.EXCLUDED: EXIT_STOPPED,
    Outcome.DISABLED: EXIT_STOPPED,
}


@click.command()
@click.argument("given", metavar="RUN_ID", type=RUN_NUMBER)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for machines.")
@of_workspace
@in_words
def watch(given: GivenRun, *, as_json: bool, workspace: str) -> None:
    """Follow RUN_ID until it ends, then diagnose it.

    Ctrl-C ends the watching, not the run. Exit code: 0 it succeeded, 1 it failed, 3 it was
    cancelled or skipped, 4 it could not be read, 130 Ctrl-C.
    """
    from jobmon.cli import run_report  # noqa: PLC0415 (the SDK takes a second to import)

    settings: Settings = settings_from_environment()
    client = run_report.workspace_named(settings, workspace, given)
    with run_report.progress(f"waiting for run {given.run_id}") as tell:
        run = wait_until_ended(client, given.run_id, tell)
        look = run_report.look_at(client, run, settings, tell)
    if as_json:
        click.echo(run_report.as_json(look))
    else:
        run_report.show(look, explain=False, settings=settings)
    if look.diagnosis.failed_count:
        sys.exit(EXIT_FAILED)
    sys.exit(EXITS.get(run.outcome or Outcome.UNKNOWN, EXIT_FAILED))


def wait_until_ended(client: Workspace, run_id: RunId, tell: Callable[[str], None]) -> Run:
    """Read a run again and again, ever more slowly, until it has ended.

    Once it could be read, Databricks may be away for a while.
    """
    from jobmon.cli.run_report import run_of  # noqa: PLC0415 (the SDK takes a second to import)

    pause = FIRST_POLL_SECONDS
    read_at: float | None = None
    while True:
        try:
            run = run_of(client, run_id)
        except TransientError as exc:
            if read_at is None or monotonic() - read_at > LONGEST_SILENCE_SECONDS:
                raise
            tell(f"{exc}; trying again")
        else:
            if run.outcome is not None:
                return run
            read_at = monotonic()
            done = sum(task.outcome is not None for task in run.tasks)
            tell(f"{run.job_name or run_id}: {done} of {len(run.tasks)} tasks have ended")
        sleep(pause)
        pause = min(pause * 1.3, LONGEST_POLL_SECONDS)
