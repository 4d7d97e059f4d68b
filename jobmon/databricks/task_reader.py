"""Read one entry of `tasks` (or `iterations`) of a run."""

from collections.abc import Mapping

from jobmon.databricks.bounds import MAX_NAME, clean
from jobmon.databricks.fields import Json, integer, mapping, mappings, moment, text
from jobmon.databricks.outcomes import outcome_of, termination_of
from jobmon.run import TaskKind, TaskRun, TaskRunId

SPECS: Mapping[str, tuple[TaskKind, tuple[str, ...]]] = {
    "notebook_task": (TaskKind.NOTEBOOK, ("notebook_path",)),
    "spark_python_task": (TaskKind.SPARK_PYTHON, ("python_file",)),
    "python_wheel_task": (TaskKind.PYTHON_WHEEL, ("package_name", "entry_point")),
    "spark_jar_task": (TaskKind.SPARK_JAR, ("main_class_name",)),
    "spark_submit_task": (TaskKind.SPARK_SUBMIT, ()),
    "sql_task": (TaskKind.SQL, ()),
    "dbt_task": (TaskKind.DBT, ("project_directory",)),
    "dbt_platform_task": (TaskKind.DBT, ()),
    "dbt_cloud_task": (TaskKind.DBT, ()),
    "pipeline_task": (TaskKind.PIPELINE, ("pipeline_id",)),
    "run_job_task": (TaskKind.RUN_JOB, ("job_id",)),
    "for_each_task": (TaskKind.FOR_EACH, ()),
    "condition_task": (TaskKind.CONDITION, ()),
    "dashboard_task": (TaskKind.DASHBOARD, ("dashboard_id",)),
}
"""What each kind of task is specified by, and the fields that say what it runs."""

COMPUTE_SPECS = ("existing_cluster_id", "job_cluster_key", "new_cluster")
SERVERLESS_KINDS = frozenset({TaskKind.NOTEBOOK, TaskKind.SPARK_PYTHON, TaskKind.PYTHON_WHEEL})


def task_run_from(body: Json, *, run_url: str) -> TaskRun:
    """One attempt of a task, with its own place below the run's url."""
    kind, source = _kind_and_source(body)
    run_id = integer(body, "run_id") or 0
    attempt = integer(body, "attempt_number") or 0
    return TaskRun(
        task_key=clean(text(body, "task_key"), MAX_NAME),
        run_id=TaskRunId(run_id),
        kind=kind,
        attempt_number=attempt,
        outcome=outcome_of(body),
        termination=termination_of(body),
        depends_on=tuple(
            clean(text(above, "task_key"), MAX_NAME) for above in mappings(body, "depends_on")
        ),
        retries_left=_retries_left(body, attempt),
        started_at=moment(body, "start_time"),
        ended_at=moment(body, "end_time"),
        url=_task_url(run_url, run_id),
        source=clean(source, MAX_NAME),
        compute=_compute(body, kind),
    )


def _kind_and_source(body: Json) -> tuple[TaskKind, str]:
    for key, (kind, fields) in SPECS.items():
        if spec := mapping(body, key):
            return kind, ":".join(filter(None, (text(spec, field) for field in fields)))
    return TaskKind.OTHER, ""


def _retries_left(body: Json, attempt: int) -> int:
    allowed = integer(body, "max_retries")
    if allowed is None:
        return 0
    # -1 means without end, which no count can say; 1 says that there is another to come.
    return 1 if allowed < 0 else max(0, allowed - attempt)


def _task_url(run_url: str, run_id: int) -> str:
    # A task run has a page of its own, at the place of the run's: same job, other run id.
    path, _, query = run_url.partition("?")
    stem, _, _ = path.rpartition("/")
    return f"{stem}/{run_id}?{query}" if stem and run_id else run_url


def _compute(body: Json, kind: TaskKind) -> str:
    cluster = text(mapping(body, "cluster_instance"), "cluster_id")
    if cluster or (cluster := text(body, "existing_cluster_id")):
        return cluster
    has_spec = any(key in body for key in COMPUTE_SPECS)
    return "serverless" if kind in SERVERLESS_KINDS and not has_spec else ""
