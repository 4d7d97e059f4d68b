"""`jobmon routes`: where a job's failure would go, and why."""

import click

from jobmon.cli.shell import in_words, settings_from_environment


@click.group()
def routes() -> None:
    """Say where failures go."""


@routes.command("test")
@click.argument("jobs", nargs=-1, required=True)
@click.option("--category", default="unknown", show_default=True, help="The cause's category.")
@click.option("--tag", "tags", multiple=True, help="A tag of the job, as key=value.")
@click.option("--workspace-id", default=0, help="The workspace's number.")
@in_words
def test_routes(
    jobs: tuple[str, ...], *, category: str, tags: tuple[str, ...], workspace_id: int
) -> None:
    """Say where a failure of each of JOBS would be told, and which route decides."""
    from jobmon.cause_group import CauseGroup, RunDiagnosis  # noqa: PLC0415 (start-up time)
    from jobmon.diagnosis import Category, Confidence, Diagnosis, Finding, Rerun  # noqa: PLC0415
    from jobmon.run import Run, RunId, WorkspaceId  # noqa: PLC0415
    from workers.route import routed  # noqa: PLC0415

    settings = settings_from_environment()
    finding = Finding(
        rule="",
        name="",
        category=Category(category),
        confidence=Confidence.HIGH,
        summary="",
        why="",
        remedy="",
        rerun=Rerun.UNKNOWN,
    )
    diagnosis = Diagnosis(headline="", fingerprint="", findings=(finding,))
    group = CauseGroup(fingerprint="", diagnosis=diagnosis, task_keys=(), count=1)
    pairs = tuple((key, value) for key, _, value in (tag.partition("=") for tag in tags))
    for job in jobs:
        run = Run(workspace_id=WorkspaceId(workspace_id), run_id=RunId(0), job_name=job, tags=pairs)
        route = routed(settings, run, RunDiagnosis(groups=(group,)))
        why = ", ".join(f"routes[{number}]" for number in route.routes) or "the defaults"
        mentions = f" mentioning {', '.join(route.mentions)}" if route.mentions else ""
        click.echo(f"{job}: {', '.join(route.destinations)}{mentions}  (by {why})")
