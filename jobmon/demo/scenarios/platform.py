"""Runs that fail on compute: the driver's memory, a spot instance taken away, a cancelled run."""

from datetime import datetime

from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook, python_wheel
from jobmon.demo.workspace import PretendRun

OOM_CLUSTER = "1123-081502-m4vq7h2c"
SPOT_CLUSTER = "1123-093011-p9zt3d5k"
LOGS = "/cluster-logs/prod"

DRIVER_LOG = b"""\
26/11/23 08:41:17 INFO TaskSetManager: Finished task 199.0 in stage 58.0 (TID 9211)
26/11/23 08:41:55 WARN MemoryStore: Not enough space to cache broadcast_91 in memory
26/11/23 08:42:03 ERROR Executor: Exception in task 12.0 in stage 59.0 (TID 9224)
java.lang.OutOfMemoryError: Java heap space
\tat java.base/java.util.Arrays.copyOf(Arrays.java:3745)
\tat org.apache.spark.sql.execution.joins.LongToUnsafeRowMap.grow(HashedRelation.scala:680)
\tat org.apache.spark.sql.execution.exchange.BroadcastExchangeExec.$anonfun$relationFuture$1
26/11/23 08:42:04 INFO JdbcUtils: url=jdbc:postgresql://crm.internal:5432/crm?user=etl&password=Tr0ub4dor
26/11/23 08:42:05 ERROR DriverDaemon: driver is terminating, exit code: 137
"""


def driver_out_of_memory(run_id: int, started_at: datetime) -> PretendRun:
    """The driver is killed; only its delivered log tells why. The log holds a password."""
    builder = RunBuilder(
        run_id=run_id, job_id=710233418821907, name="customer_360", started_at=started_at
    )
    builder.task("extract_crm", notebook("/Workspace/etl/extract_crm", cluster=OOM_CLUSTER))
    builder.task(
        "join_profiles",
        notebook("/Workspace/etl/join_profiles", cluster=OOM_CLUSTER),
        result="DRIVER_ERROR",
        message=(
            "Run failed with error message\n The spark driver has stopped unexpectedly and is "
            "restarting. Your notebook will be automatically reattached."
        ),
        after=["extract_crm"],
        output=failed_output(
            "The spark driver has stopped unexpectedly and is restarting. Your notebook will be "
            "automatically reattached."
        ),
    )
    publish = notebook("/Workspace/etl/publish_profiles", cluster=OOM_CLUSTER)
    builder.task(
        "publish_profiles", publish, result="UPSTREAM_FAILED", after=["join_profiles"], seconds=0
    )
    builder.clusters[OOM_CLUSTER] = {
        "state": "TERMINATED",
        "state_message": "Spark driver ran out of memory",
        "termination_reason": {
            "code": "DRIVER_OUT_OF_MEMORY",
            "type": "CLIENT_ERROR",
            "parameters": {"databricks_error_message": "Driver container exited with code 137"},
        },
        "cluster_log_conf": {"dbfs": {"destination": f"dbfs:{LOGS}"}},
    }
    builder.files[f"{LOGS}/{OOM_CLUSTER}/driver/log4j-active.log"] = DRIVER_LOG
    builder.files[f"{LOGS}/{OOM_CLUSTER}/driver/stderr"] = b"Killed\n"
    return builder.build()


def spot_instance_lost(run_id: int, started_at: datetime) -> PretendRun:
    """The cloud takes a spot instance back while a task runs."""
    builder = RunBuilder(
        run_id=run_id, job_id=559310027744125, name="hourly_sessions", started_at=started_at
    )
    builder.task(
        "sessionize",
        python_wheel("sessions", "sessionize", cluster=SPOT_CLUSTER),
        result="CLOUD_FAILURE",
        message=f"Cluster {SPOT_CLUSTER} was terminated during the run.",
        output=failed_output(""),
    )
    builder.clusters[SPOT_CLUSTER] = {
        "state": "TERMINATED",
        "state_message": "Spot instance was reclaimed by the cloud provider",
        "termination_reason": {
            "code": "SPOT_INSTANCE_TERMINATION",
            "type": "CLOUD_FAILURE",
            "parameters": {"instance_id": "i-0c1f6e2b8a4d93e57"},
        },
    }
    return builder.build()


def cancelled(run_id: int, started_at: datetime) -> PretendRun:
    """Somebody stopped the run."""
    builder = RunBuilder(
        run_id=run_id, job_id=402218876530012, name="backfill_orders", started_at=started_at
    )
    spec = notebook("/Workspace/etl/backfill_orders")
    builder.task("backfill", spec, result="CANCELED", message="Run cancelled.")
    return builder.build(result="CANCELED", message="Run cancelled.")
