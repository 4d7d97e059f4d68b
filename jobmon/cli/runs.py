"""`jobmon runs`: recent runs, of one job or of all."""

import click

from jobmon.cli.shell import in_words, of_workspace, settings_from_environment
from jobmon.run import FAILURES, Outcome, Run


@click.command()
@click.argument("job", required=False)
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1, 200), help="How many to show."
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for machines.")
@of_workspace
@in_words
def runs(job: str | None, *, limit: int, as_json: bool, workspace: str) -> None:
    """List the newest runs of JOB (its id or exact name), or of all jobs."""
    import msgspec  # noqa: PLC0415 (start-up time)

    from jobmon.cli import run_report  # noqa: PLC0415

    client = run_report.workspace_named(settings_from_environment(), workspace)
    with run_report.progress("listing runs"):
        job_id = run_report.job_named(client, job) if job else None
        found = client.runs_of(job_id, limit=limit)
    if as_json:
        for run in found:
            click.echo(msgspec.json.encode(_record(run)))
        return
    _print(found)


def _record(run: Run) -> dict[str, object]:
    return {
        "run_id": run.run_id,
        "job_id": run.job_id,
        "job_name": run.job_name,
        "outcome": run.outcome,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "url": run.url,
    }


def _print(found: tuple[Run, ...]) -> None:
    from rich.console import Console  # noqa: PLC0415 (start-up time)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from notifiers.text import one_line  # noqa: PLC0415

    table = Table("run", "job", "outcome", "started (UTC)", "took", box=None, pad_edge=False)
    for run in found:
        table.add_row(
            str(run.run_id),
            Text(one_line(run.job_name)),
            Text(run.outcome or "running", style=_style(run.outcome)),
            f"{run.started_at:%Y-%m-%d %H:%M}" if run.started_at else "",
            _took(run),
        )
    Console().print(table)


def _style(outcome: Outcome | None) -> str:
    if outcome in FAILURES:
        return "red"
    return "green" if outcome is Outcome.SUCCEEDED else "yellow"


def _took(run: Run) -> str:
    if not (run.started_at and run.ended_at):
        return ""
    minutes, seconds = divmod(int((run.ended_at - run.started_at).total_seconds()), 60)
    return f"{minutes}:{seconds:02}"
