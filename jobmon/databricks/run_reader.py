"""Read a run from the raw answers of `runs/get` and `runs/list`."""

import re
from collections.abc import Iterable, Mapping, Sequence

from jobmon.databricks.bounds import MAX_NAME, clean
from jobmon.databricks.fields import Json, integer, mapping, mappings, moment, pairs, text
from jobmon.databricks.outcomes import outcome_of, termination_of
from jobmon.databricks.task_reader import task_run_from
from jobmon.run import JobId, RepairId, Run, RunId, WorkspaceId, latest_attempts
from jobmon.secret_shapes import REDACTED

# Asset bundles deployed in development mode put this before the names of their jobs.
BUNDLE_PREFIX = re.compile(r"^\[(dev|staging|test|qa|prod)\b[^\]]{0,100}\]", re.IGNORECASE)
MAX_TAGS = 100
ENVIRONMENT_TAGS = ("environment", "env", "stage", "target")


def run_url(host: str, *, job_id: int | None, run_id: int, workspace_id: int) -> str:
    """The run's page in the form that everybody may open.

    `run_page_url` has the older form, which sends people who are no admins to the home page:
    https://github.com/databricks/cli/issues/5142
    """
    place = f"jobs/{job_id}/runs/{run_id}" if job_id else f"jobs/runs/{run_id}"
    return f"{host}/{place}?o={workspace_id}"


def run_from(
    pages: Sequence[Json],
    *,
    host: str,
    workspace_id: WorkspaceId,
    environment: str = "",
    job_tags: Iterable[tuple[str, str]] = (),
) -> Run:
    """Put a run together from all pages of its answer."""
    first = pages[0]
    job_id, run_id = integer(first, "job_id"), integer(first, "run_id") or 0
    url = run_url(host, job_id=job_id, run_id=run_id, workspace_id=workspace_id)
    name = clean(text(first, "run_name"), MAX_NAME)
    tags = _clean_tags({**dict(_cluster_tags(pages)), **dict(job_tags)})
    repairs = repair_ids(pages)
    return Run(
        workspace_id=workspace_id,
        run_id=RunId(run_id),
        job_id=JobId(job_id) if job_id else None,
        job_name=name,
        outcome=outcome_of(first),
        termination=termination_of(first),
        tasks=latest_attempts(task_run_from(task, run_url=url) for task in _tasks(pages)),
        repair_id=repairs[-1] if repairs else None,
        repairs=len(repairs),
        started_at=moment(first, "start_time"),
        ended_at=moment(first, "end_time"),
        url=url,
        creator=clean(text(first, "creator_user_name"), MAX_NAME),
        environment=_environment(name, tags) or environment,
        tags=tags,
        git_commit=clean(
            text(mapping(mapping(first, "git_source"), "git_snapshot"), "used_commit"), MAX_NAME
        ),
    )


def _tasks(pages: Sequence[Json]) -> tuple[Json, ...]:
    tasks = tuple(task for page in pages for task in mappings(page, "tasks"))
    if tasks or "task" not in pages[0]:
        return tasks
    # Runs in the older single-task format, and notebook workflows, are their own only task.
    name = text(pages[0], "run_name") or "run"
    return ({**pages[0], **mapping(pages[0], "task"), "task_key": name},)


def repair_ids(pages: Iterable[Json]) -> tuple[RepairId, ...]:
    """The ids of the repairs, oldest first; the original run is in the history without one."""
    return tuple(
        RepairId(repair_id)
        for item in repair_items(pages)
        if (repair_id := integer(item, "id")) is not None
    )


def repair_items(pages: Iterable[Json]) -> tuple[Json, ...]:
    """The repairs in the history, oldest first, each once."""
    items = {
        repair_id: item
        for page in pages
        for item in mappings(page, "repair_history")
        if text(item, "type") != "ORIGINAL" and (repair_id := integer(item, "id")) is not None
    }
    return tuple(sorted(items.values(), key=lambda item: integer(item, "start_time") or 0))


def _cluster_tags(pages: Iterable[Json]) -> Iterable[tuple[str, str]]:
    for page in pages:
        yield from pairs(mapping(mapping(page, "cluster_spec"), "new_cluster"), "custom_tags")
        for cluster in mappings(page, "job_clusters"):
            yield from pairs(mapping(cluster, "new_cluster"), "custom_tags")


def _clean_tags(tags: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The tags in order, each redacted together with its name, which may say what it holds."""
    cleaned = []
    for key, value in sorted(tags.items())[:MAX_TAGS]:
        name, whole = clean(key, MAX_NAME), clean(f"{key}={value}", MAX_NAME)
        cleaned.append((name, whole[len(key) + 1 :] if whole.startswith(f"{key}=") else REDACTED))
    return tuple(cleaned)


def _environment(name: str, tags: Iterable[tuple[str, str]]) -> str:
    by_name = {key.lower(): value for key, value in tags}
    for tag in ENVIRONMENT_TAGS:
        if tag in by_name:
            return by_name[tag]
    prefix = BUNDLE_PREFIX.match(name)
    return prefix.group(1).lower() if prefix else ""
