"""Runs to watch jobmon with, by name: each is made for a run id and a start time."""

from collections.abc import Callable, Mapping
from datetime import datetime

from jobmon.demo.scenarios import data, ml, nesting, platform, training
from jobmon.demo.workspace import PretendRun

Scenario = Callable[[int, datetime], PretendRun]

SCENARIOS: Mapping[str, Scenario] = {
    "training": training.failed,
    "training_recovered": training.succeeded,
    "table_not_found": data.table_not_found,
    "sql": data.sql_failed,
    "dbt": data.dbt_failed,
    "pipeline": data.pipeline_failed,
    "driver_out_of_memory": platform.driver_out_of_memory,
    "spot_instance_lost": platform.spot_instance_lost,
    "cancelled": platform.cancelled,
    "missing_secret": ml.missing_secret,
    "missing_signature": ml.missing_signature,
    "failed_parts": ml.succeeded_with_failed_parts,
    "for_each": nesting.for_each_failed,
    "child_job": nesting.child_job_failed,
    "nested_notebook": nesting.nested_notebook_failed,
    "output_expired": nesting.output_expired,
}
