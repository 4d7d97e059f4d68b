"""What failed tasks leave behind, as Databricks reports it, and what the catalogue makes of it."""

from functools import cache

from jobmon.cause_group import TaskDiagnosis
from jobmon.diagnosis import TaskFailure
from jobmon.run import Termination
from rules.engine import classify
from rules.ruleset import load

NO_COLUMN = (
    "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name "
    "`order_ts` cannot be resolved. Did you mean one of the following? [`order_timestamp`, "
    "`order_id`, `customer_id`]. SQLSTATE: 42703"
)
NO_COLUMN_TRACE = f"""\
---------------------------------------------------------------------------
AnalysisException                         Traceback (most recent call last)
File <command-3312908844120671>, line 12
     10 orders = spark.read.table("prod.sales.orders")
     11 
---> 12 daily = orders.select("order_id", "order_ts").groupBy("order_ts").count()

File /databricks/spark/python/pyspark/sql/connect/dataframe.py:1012, in DataFrame.select(self, *cols)
File /databricks/spark/python/pyspark/sql/connect/client/core.py:2155, in SparkConnectClient._handle_error(self, error)

AnalysisException: {NO_COLUMN};
'Project [order_id#1, 'order_ts]
+- SubqueryAlias prod.sales.orders
"""  # noqa: E501, W291 (as it is printed)
NO_PATH = (
    "[PATH_NOT_FOUND] Path does not exist: dbfs:/Volumes/raw/landing/orders/2026-11-25. "
    "SQLSTATE: 42K03"
)
NO_PATH_TRACE = f"""\
AnalysisException                         Traceback (most recent call last)
File <command-3312908844120684>, line 4
      2 day = dbutils.widgets.get("day")
      3 
----> 4 eu = spark.read.json(f"/Volumes/raw/landing/orders/{{day}}")

AnalysisException: {NO_PATH}
"""  # noqa: W291 (as it is printed)
FAILED = Termination(
    code="RUN_EXECUTION_ERROR", message="Workload failed, see run output for details"
)


def a_missing_column(task: str = "load_orders") -> TaskFailure:
    """A notebook selects a column that was renamed."""
    return TaskFailure(
        task_key=task,
        task_type="notebook",
        termination=FAILED,
        error=f"AnalysisException: {NO_COLUMN}",
        trace=NO_COLUMN_TRACE,
        source="/Workspace/etl/load_orders",
    )


def a_missing_path(task: str = "import_eu") -> TaskFailure:
    """A notebook reads a folder that is not there."""
    return TaskFailure(
        task_key=task,
        task_type="notebook",
        termination=FAILED,
        error=f"AnalysisException: {NO_PATH}",
        trace=NO_PATH_TRACE,
        source="/Workspace/etl/import_eu",
    )


def a_lost_spot_instance(task: str = "export_a") -> TaskFailure:
    """The cloud takes the machine back; the cluster says so, the task does not."""
    return TaskFailure(
        task_key=task,
        task_type="python_wheel",
        termination=Termination(
            code="CLOUD_FAILURE",
            type="CLOUD_FAILURE",
            message="Cluster 1125-020311-p9zt3d5k was terminated during the run.",
        ),
        cluster_code="SPOT_INSTANCE_TERMINATION",
        message=(
            "Cluster 1125-020311-p9zt3d5k was terminated during the run.\n"
            "Cluster terminated. Reason: SPOT_INSTANCE_TERMINATION\n"
            "Spot instance was reclaimed by the cloud provider\n"
            "instance_id: i-0c1f6e2b8a4d93e57"
        ),
    )


def an_unknown_error(task: str = "score") -> TaskFailure:
    """Words of the job's own that no rule knows."""
    return TaskFailure(
        task_key=task, termination=FAILED, error="ledger 2026-11 is closed for region EU"
    )


@cache
def diagnosed(failure: TaskFailure) -> TaskDiagnosis:
    """What the built-in catalogue says about it."""
    return TaskDiagnosis(failure=failure, diagnosis=classify(failure, load()))
