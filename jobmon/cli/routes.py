"""`jobmon routes`: where a job's failure would go, and why."""

from typing import TYPE_CHECKING

import click

from jobmon.cli.shell import in_words, settings_from_environment
from jobmon.clock import utc_now
from jobmon.mute import CAUSE_ID
from jobmon.severity import Severity

if TYPE_CHECKING:
    from datetime import datetime

    from jobmon.cause_group import RunDiagnosis
    from jobmon.conditions import Facts
    from jobmon.settings import Settings


@click.group()
def routes() -> None:
    """Say where failures go."""


@routes.command("test", short_help="Say where failures of these jobs would be told.")
@click.argument("jobs", nargs=-1, required=True)
@click.option("--category", default="unknown", show_default=True, help="The cause's category.")
@click.option("--tag", "tags", multiple=True, help="A tag of the job, as key=value.")
@click.option("--owner", default="", help="Who created the run; tags owner and team count too.")
@click.option("--environment", default="", help="The job's environment, such as prod.")
@click.option(
    "--severity",
    type=click.Choice([item.value for item in Severity]),
    help="Instead of what settings and environment make of it.",
)
@click.option("--workspace-id", default=0, help="The number of its workspace.")
@in_words
def test_routes(
    jobs: tuple[str, ...],
    *,
    category: str,
    tags: tuple[str, ...],
    owner: str,
    environment: str,
    severity: str | None,
    workspace_id: int,
) -> None:
    """Say where a failure of each of JOBS would be told now, and which route decides."""
    from dataclasses import replace  # noqa: PLC0415 (start-up time)

    from jobmon.conditions import facts_of  # noqa: PLC0415
    from jobmon.run import Outcome, Run, RunId, WorkspaceId  # noqa: PLC0415

    settings = settings_from_environment()
    pairs = tuple((key, value) for key, _, value in (tag.partition("=") for tag in tags))
    for job in jobs:
        run = Run(
            workspace_id=WorkspaceId(workspace_id),
            run_id=RunId(0),
            job_name=job,
            tags=pairs,
            creator=owner,
            environment=environment,
            outcome=Outcome.FAILED,
        )
        facts = facts_of(settings, run, _diagnosis_of(category))
        if severity:
            facts = replace(facts, severity=Severity(severity))
        _say(settings, job, facts, now=utc_now())


def _say(settings: "Settings", job: str, facts: "Facts", *, now: "datetime") -> None:
    from jobmon.quiet import held_for  # noqa: PLC0415 (start-up time)
    from workers.hush import mutes_of_settings  # noqa: PLC0415
    from workers.route import routed  # noqa: PLC0415

    route = routed(settings, facts)
    why = ", ".join(f"routes[{number}]" for number in route.routes) or "the defaults"
    mentions = f" mentioning {', '.join(route.mentions)}" if route.mentions else ""
    click.echo(f"{job}: {', '.join(route.destinations)}{mentions}  ({facts.severity}, by {why})")
    held = held_for(settings.policy.windows, facts, now=now)
    if held:
        click.echo(f"  held back until {now + held:%Y-%m-%d %H:%M} UTC")
    for mute in mutes_of_settings(settings, facts):
        if mute.holds(now):
            named = ", ".join(f"{CAUSE_ID}{cause}" for cause in sorted(mute.causes))
            only = f" if the cause is {named}" if named else ""
            end = f" until {mute.until:%Y-%m-%d %H:%M} UTC" if mute.until else ""
            click.echo(f"  muted{end}{only}")


def _diagnosis_of(category: str) -> "RunDiagnosis":
    from jobmon.cause_group import CauseGroup, RunDiagnosis  # noqa: PLC0415 (start-up time)
    from jobmon.diagnosis import Category, Confidence, Diagnosis, Finding, Rerun  # noqa: PLC0415

    known = [item.value for item in Category]
    if category not in known:
        raise click.BadParameter(f"{category!r} is no category. Use one of: {', '.join(known)}.")
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
    diagnosis = Diagnosis(headline="", fingerprint="", finding=finding)
    group = CauseGroup(fingerprint="", diagnosis=diagnosis, task_keys=(), count=1)
    return RunDiagnosis(groups=(group,))
