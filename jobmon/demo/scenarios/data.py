"""Runs that fail on data: a table that is not there, SQL, dbt, a pipeline's update."""

from datetime import datetime, timedelta

from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.demo.workspace import Body, PretendRun

PIPELINE = "3f1c2a70-5a63-4c1e-9d0e-8c1a7b9f6e21"
UPDATE = "b7d1e7a2-0c94-4b5c-8f2e-6d4a9b3c1e55"

NO_TABLE = (
    "[TABLE_OR_VIEW_NOT_FOUND] The table or view `prod`.`sales`.`orders_enriched` cannot be "
    "found. Verify the spelling and correctness of the schema and catalog.\nIf you did not "
    "qualify the name with a schema, verify the current_schema() output, or qualify the name "
    "with the correct schema and catalog. SQLSTATE: 42P01; line 1 pos 14;\n"
    "'UnresolvedRelation [prod, sales, orders_enriched], [], false\n"
)


def table_not_found(run_id: int, started_at: datetime) -> PretendRun:
    """A table that another job should have written."""
    builder = RunBuilder(
        run_id=run_id,
        job_id=318840092217365,
        name="[prod] daily_revenue",
        started_at=started_at,
    )
    trace = (
        "\x1b[0;31mAnalysisException\x1b[0m   Traceback (most recent call last)\n"
        "File \x1b[0;32m<command-3312908844120671>, line 3\x1b[0m\n"
        '\x1b[0;32m----> 3\x1b[0m orders = spark.table("prod.sales.orders_enriched")\n\n'
        f"\x1b[0;31mAnalysisException\x1b[0m: {NO_TABLE}"
    )
    output = failed_output(f"AnalysisException: {NO_TABLE}", trace)
    spec = notebook("/Workspace/finance/daily_revenue")
    builder.task("revenue", spec, result="FAILED", output=output)
    report = notebook("/Workspace/finance/report")
    builder.task("report", report, result="UPSTREAM_FAILED", after=["revenue"], seconds=0)
    return builder.build()


def sql_failed(run_id: int, started_at: datetime) -> PretendRun:
    """A SQL task: its error is in the output of the query, not in `error`."""
    builder = RunBuilder(
        run_id=run_id, job_id=224460911008734, name="refresh_dashboards", started_at=started_at
    )
    error = (
        "[DIVIDE_BY_ZERO] Division by zero. Use `try_divide` to tolerate divisor being 0 and "
        "return NULL instead. SQLSTATE: 22012\n== SQL (line 4, position 8) ==\n"
        "SELECT revenue / active_customers AS arpu\n       ^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
    )
    spec: Body = {"sql_task": {"warehouse_id": "a1b2c3d4e5f60718", "query": {"query_id": "q-arpu"}}}
    output: Body = {
        "sql_output": {
            "query_output": {
                "warehouse_id": "a1b2c3d4e5f60718",
                "sql_statements": [{"lookup_key": "01ef", "error": {"message": error}}],
            }
        }
    }
    builder.task("arpu", spec, result="FAILED", output=output)
    return builder.build()


def dbt_failed(run_id: int, started_at: datetime) -> PretendRun:
    """A dbt task with one model that fails; the log tells which."""
    builder = RunBuilder(
        run_id=run_id, job_id=905512340077618, name="dbt_marts", started_at=started_at
    )
    logs = (
        "04:12:07  Running with dbt=1.9.4\n04:12:31  Concurrency: 8 threads (target='prod')\n"
        "04:13:02  1 of 14 OK created sql table model marts.dim_customer ... [OK in 21.30s]\n"
        "04:13:09  2 of 14 ERROR creating sql table model marts.fct_orders ... "
        "[ERROR in 6.91s]\n04:13:10  Completed with 1 error, 0 partial successes, and 0 "
        "warnings:\n04:13:10    Database Error in model fct_orders (models/marts/fct_orders.sql)\n"
        "04:13:10    [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function "
        "parameter with name `o`.`discount_pct` cannot be resolved. Did you mean one of the "
        "following? [`o`.`discount`, `o`.`order_id`]. SQLSTATE: 42703; line 12 pos 4\n"
        "04:13:10  Done. PASS=12 WARN=0 ERROR=1 SKIP=1 TOTAL=14\n"
    )
    output = failed_output(
        "dbt command failed: dbt run --target prod\nProcess exited with code 1", logs=logs
    )
    output["dbt_output"] = {"artifacts_link": "https://storage.example.com/a.gz?sig=0a1b2c3d4e"}
    spec: Body = {"dbt_task": {"project_directory": "dbt/marts", "commands": ["dbt run"]}}
    builder.task("run_marts", spec, result="FAILED", output=output)
    return builder.build()


def pipeline_failed(run_id: int, started_at: datetime) -> PretendRun:
    """An update of a pipeline: only the pipeline's event log says why."""
    builder = RunBuilder(
        run_id=run_id, job_id=667701238845590, name="ingest_events", started_at=started_at
    )
    spec: Body = {"pipeline_task": {"pipeline_id": PIPELINE, "full_refresh": False}}
    builder.task("update", spec, result="FAILED")
    at = (started_at + timedelta(seconds=200)).isoformat().replace("+00:00", "Z")
    builder.events[PIPELINE] = (
        _event(at, "ERROR", f"Update {UPDATE[:6]} is FAILED.", ()),
        _event(at, "ERROR", "Failed to resolve flow: 'events_silver'.", _expectation()),
        _event(at, "INFO", "Flow 'events_bronze' has COMPLETED.", ()),
    )
    return builder.build()


def _event(at: str, level: str, message: str, exceptions: tuple[Body, ...]) -> Body:
    event: Body = {
        "id": f"{at}-{level}",
        "timestamp": at,
        "level": level,
        "message": message,
        "event_type": "flow_progress",
        "origin": {"pipeline_id": PIPELINE, "update_id": UPDATE},
    }
    return event | (
        {"error": {"fatal": True, "exceptions": list(exceptions)}} if exceptions else {}
    )


def _expectation() -> tuple[Body, ...]:
    return (
        {
            "class_name": "com.databricks.pipelines.common.errors.DLTSparkException",
            "message": (
                "[EXPECTATION_VIOLATION.VERBOSITY_ALL] Flow 'events_silver' failed to meet the "
                "expectation. Violated expectations: 'valid_event_time'. Input data: "
                '\'{"event_id":"e-90411","event_time":null}\'. SQLSTATE: 22000'
            ),
            "stack": [
                {
                    "declaring_class": "com.databricks.pipelines.execution.FlowExecution",
                    "method_name": "run",
                    "file_name": "FlowExecution.scala",
                    "line_number": 214,
                }
            ],
        },
    )
