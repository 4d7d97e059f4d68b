"""Causes as jobmon itself names them: texts as Databricks prints them, through the catalogue."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from jobmon.cause_group import CauseGroup, TaskDiagnosis, group_causes
from jobmon.diagnosis import TaskFailure
from rules.engine import classify
from rules.ruleset import RuleSet, load

RENAMED_COLUMN = TaskFailure(
    task_key="load_orders",
    source="/Workspace/etl/load_orders",
    error="AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function "
    "parameter with name `order_ts` cannot be resolved. Did you mean one of the following? "
    "[`order_timestamp`, `order_id`, `customer`]. SQLSTATE: 42703",
    trace="""\
---------------------------------------------------------------------------
AnalysisException                         Traceback (most recent call last)
File <command-4021876>, line 12
     10 orders = spark.read.table("main.sales.orders")
     11
---> 12 df = orders.select("order_id", "order_ts", "amount")
     13 df.write.mode("append").saveAsTable("main.sales.orders_daily")

File /databricks/spark/python/pyspark/sql/dataframe.py:3229, in DataFrame.select(self, *cols)
   3228 jdf = self._jdf.select(self._jcols(*cols))
-> 3229 return DataFrame(jdf, self.sparkSession)

AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter \
with name `order_ts` cannot be resolved. Did you mean one of the following? [`order_timestamp`, \
`order_id`, `customer`]. SQLSTATE: 42703
""",
)
"""A column was renamed upstream."""

SPOT_LOST = TaskFailure(
    task_key="export_a",
    message="Cluster 1125-020311-x7k2 was terminated. Reason: SPOT_INSTANCE_TERMINATION "
    "(CLOUD_FAILURE). Parameters: instance_id:i-0f3a9c41, databricks_error_message:The spot "
    "instance of the driver was taken back by the cloud provider.",
)
"""The cloud took back the driver's machine."""

FOLDER_MISSING = TaskFailure(
    task_key="import_eu",
    error="FileNotFoundError: [Errno 2] No such file or directory: "
    "'/Volumes/main/raw/orders/2026-11-25'",
)
"""The upstream export has not written its folder."""

LEDGER_CLOSED = TaskFailure(
    task_key="close_ledger", error="LedgerError: period 2026-11 is final for region EU"
)
"""An error that only the team's own code knows."""


def causes(*failed: tuple[TaskFailure, Sequence[str]]) -> tuple[CauseGroup, ...]:
    """Diagnose each failure for all the tasks that failed so, as a worker does."""
    return group_causes(
        TaskDiagnosis(
            failure=(one := replace(failure, task_key=key)), diagnosis=classify(one, _catalogue())
        )
        for failure, keys in failed
        for key in keys
    )


@cache
def _catalogue() -> RuleSet:
    return load()
