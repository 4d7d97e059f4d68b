"""Runs whose cause lies deeper: iterations, child runs, nested notebooks, a lost output."""

from datetime import datetime

from jobmon.demo.scenarios.building import ID_STEP, RunBuilder, failed_output, notebook
from jobmon.demo.workspace import ApiError, Body, PretendRun
from jobmon.demo.workspace.states import WORKLOAD_FAILED, ended

STORES = 120
STALE = (
    "FileNotFoundError: [Errno 2] No such file or directory: "
    "'/Volumes/prod/landing/stores/{store}/prices.parquet'"
)
BAD_TYPE = "ValueError: could not convert string to float: '12,90'"


def for_each_failed(run_id: int, started_at: datetime) -> PretendRun:
    """120 iterations, of which 9 fail for two reasons."""
    builder = RunBuilder(
        run_id=run_id, job_id=443019988210756, name="store_prices", started_at=started_at
    )
    failing = dict.fromkeys(range(3, 93, 15), STALE) | dict.fromkeys((98, 104, 111), BAD_TYPE)
    spec: Body = {
        "for_each_task": {
            "inputs": str(list(range(STORES))),
            "concurrency": 20,
            "task": {"task_key": "load_store", **notebook("/Workspace/prices/load_store")},
            "stats": {
                "error_message_stats": [
                    {"count": 6, "error_message": STALE.format(store=3)},
                    {"count": 3, "error_message": BAD_TYPE},
                ],
                "task_run_stats": {"total_iterations": STORES, "failed_iterations": 9},
            },
        }
    }
    task_run_id = builder.task("load_stores", spec, result="FAILED")
    iterations: list[Body] = []
    for store in range(STORES):
        result = "FAILED" if store in failing else "SUCCESS"
        iteration_id = task_run_id + ID_STEP * 1000 + store
        iterations.append(_iteration(iteration_id, store, result, builder.tasks[0]["start_time"]))
        if store in failing:
            error = failing[store].format(store=store)
            trace = f"Traceback (most recent call last):\n  <command-88120>, line 6\n{error}"
            builder.outputs[iteration_id] = failed_output(error, trace)
    builder.iterations[task_run_id] = tuple(iterations)
    return builder.build()


def child_job_failed(run_id: int, started_at: datetime) -> PretendRun:
    """A task that runs another job, which fails."""
    child = RunBuilder(
        run_id=run_id + ID_STEP * 500,
        job_id=331177902245018,
        name="load_erp",
        started_at=started_at,
        parent_run_id=run_id,
    )
    error = (
        "ConnectionError: HTTPSConnectionPool(host='erp.example.com', port=443): Max retries "
        'exceeded with url: /api/orders (Caused by NameResolutionError("Failed to resolve '
        "'erp.example.com' ([Errno -2] Name or service not known)\"))"
    )
    spec = notebook("/Workspace/erp/load_orders")
    child.task("load_orders", spec, result="FAILED", output=failed_output(error, error))
    parent = RunBuilder(
        run_id=run_id, job_id=120094418837752, name="nightly_chain", started_at=started_at
    )
    output: Body = {"run_job_output": {"run_id": child.run_id}}
    task: Body = {"run_job_task": {"job_id": child.job_id}}
    parent.task("run_erp", task, result="FAILED", output=output)
    parent.children.append(child.build())
    return parent.build()


def nested_notebook_failed(run_id: int, started_at: datetime) -> PretendRun:
    """A notebook that runs a notebook; only the id in the text leads to the cause."""
    builder = RunBuilder(
        run_id=run_id, job_id=229908841175503, name="month_end", started_at=started_at
    )
    child_id = run_id + ID_STEP * 700
    error = (
        "WorkflowException: com.databricks.NotebookExecutionException: FAILED: "
        f"{WORKLOAD_FAILED}: https://example.cloud.databricks.com/?o=7474651234567890"
        f"#job/229908841175503/run/{child_id}"
    )
    trace = (
        "Traceback (most recent call last)\nFile <command-77120>, line 4\n"
        f'----> 4 dbutils.notebook.run("close_books", 3600)\n\n{error}'
    )
    cause = "AssertionError: ledger is out of balance: debit 10412.20, credit 10411.70"
    builder.task(
        "close",
        notebook("/Workspace/finance/month_end"),
        result="FAILED",
        output=failed_output(error, trace),
    )
    builder.outputs[child_id] = failed_output(cause, f"File <command-91>, line 30\n{cause}")
    return builder.build()


def output_expired(run_id: int, started_at: datetime) -> PretendRun:
    """A run whose output cannot be read any more."""
    builder = RunBuilder(
        run_id=run_id, job_id=554410028839716, name="archive_logs", started_at=started_at
    )
    gone = ApiError(400, "INVALID_PARAMETER_VALUE", f"Run {run_id} does not exist.")
    spec = notebook("/Workspace/ops/archive_logs")
    builder.task("archive", spec, result="FAILED", output=gone)
    return builder.build()


def _iteration(run_id: int, store: int, result: str, begin: int) -> Body:
    return {
        "run_id": run_id,
        "task_key": f"load_store_{store}",
        "attempt_number": 0,
        "start_time": begin,
        "end_time": begin + 30_000,
        **notebook("/Workspace/prices/load_store"),
        **ended(result, WORKLOAD_FAILED if result == "FAILED" else ""),
    }
