"""A run and its diagnosis, for a person at a terminal or for a machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
from rich.console import Console
from rich.text import Text

from jobmon.cause_group import CauseGroup
from jobmon.cli.chosen_workspace import chosen_workspace
from jobmon.cli.run_number import GivenRun
from jobmon.databricks.client import Patience
from jobmon.databricks.workspaces import SdkWorkspaces
from jobmon.errors import NotFound, PermanentError
from jobmon.local_limiter import LocalLimiter
from jobmon.ports.workspace import Workspace
from jobmon.run import JobId, Run, RunId
from jobmon.settings import Settings
from notifiers.console import panel_of
from notifiers.text import one_line, plain
from rules.explain import explain as explain_failure
from rules.ruleset import load
from workers.act.unknown import unknown_job, unknown_run
from workers.compose import digest_by_itself
from workers.look import Look, looks

Tell = Callable[[str], None]
RAN_LATELY = 200
LISTS_RUNS = "jobmon runs"


def workspace_named(settings: Settings, name: str, given: GivenRun | None = None) -> Workspace:
    """The workspace of this name, the one whose page was given, or the only one."""
    chosen = chosen_workspace(settings, name, given)
    return SdkWorkspaces([chosen], limiter=LocalLimiter(), patience=Patience.PERSON).get(None)


def run_of(workspace: Workspace, run_id: RunId) -> Run:
    """The run with this number; one that is not there is told with what lists those that are."""
    try:
        return workspace.run(run_id)
    except NotFound as exc:
        raise unknown_run(str(run_id), (workspace.host,), command=LISTS_RUNS) from exc


def job_named(workspace: Workspace, name: str) -> JobId:
    """The job's id; where there is no such job, the nearest of those that ran lately is named."""
    try:
        return workspace.job(name).job_id
    except NotFound as exc:
        lately = (run.job_name for run in workspace.runs_of(None, limit=RAN_LATELY))
        raise unknown_job(name, (workspace.host,), known=lately, command=LISTS_RUNS) from exc


@contextmanager
def progress(what: str) -> Iterator[Tell]:
    """Show on stderr what is being waited for; silent where stderr is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status(what) as status:
        # Job names are told too: as a text they are no markup.
        yield lambda words: status.update(Text(one_line(words)))


def look_at(workspace: Workspace, run: Run, settings: Settings, tell: Tell) -> Look:
    """Read and diagnose a run's failures, telling how far it is."""
    ruleset = load(settings.rules.paths, settings.rules.disabled)
    total = len(run.failed_tasks)
    look: Look | None = None
    for look in looks(workspace, run, ruleset):
        tell(f"read {total - look.diagnosis.pending_count} of {total} failed tasks")
    if look is None:
        raise PermanentError(f"run {run.run_id} gave nothing to look at")
    return look


def show(look: Look, *, explain: bool, settings: Settings) -> None:
    """Print a diagnosis for a person."""
    digest = digest_by_itself(look, settings, now=datetime.now(UTC))
    if digest is None:
        outcome = look.run.outcome or "still running, nothing has failed"
        Console().print(f"Run {look.run.run_id}: {outcome}", markup=False, highlight=False)
        return
    Console().print(panel_of(digest))
    if explain:
        ruleset = load(settings.rules.paths, settings.rules.disabled)
        for item in look.details:
            told = f"\n── {item.failure.task_key}\n{explain_failure(item.failure, ruleset)}"
            print(plain(told))  # noqa: T201


def as_json(look: Look) -> str:
    """Write a diagnosis for machines: the run, its cause groups, and what was not readable."""
    run, diagnosis = look.run, look.diagnosis
    body = {
        "run_id": run.run_id,
        "job_id": run.job_id,
        "job_name": run.job_name,
        "outcome": run.outcome,
        "url": run.url,
        "failed": diagnosis.failed_count,
        "downstream": diagnosis.downstream_count,
        "rerun": diagnosis.rerun,
        "causes": [_cause(group) for group in diagnosis.groups],
        "notes": diagnosis.notes,
    }
    return msgspec.json.format(msgspec.json.encode(body), indent=2).decode()


def _cause(group: CauseGroup) -> dict[str, object]:
    finding = group.diagnosis.finding
    return {
        "category": group.diagnosis.category,
        "rule": finding.rule if finding else None,
        "confidence": finding.confidence if finding else None,
        "summary": finding.summary if finding else None,
        "remedy": finding.remedy if finding else None,
        "root_cause": group.diagnosis.headline,
        "entities": group.diagnosis.entities,
        "rerun": group.diagnosis.rerun,
        "fingerprint": group.fingerprint,
        "tasks": group.task_keys,
        "count": group.count,
        "note": group.note,
    }
