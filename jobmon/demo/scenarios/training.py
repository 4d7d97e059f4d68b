"""`train_models`: 23 models trained side by side, most of which read a column that was renamed."""

from datetime import datetime

from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.demo.workspace import PretendRun

JOB_ID = 620417733102851
FOLDER = "/Workspace/ml/churn"
CLUSTER = "1123-060412-k3xw9q7a"

REGIONS = ("at", "be", "ch", "cz", "de", "dk", "es", "fi", "fr", "ie", "it", "nl")
MODELS = tuple(
    f"train_{kind}_{region}"
    for region in REGIONS
    for kind in ("churn", "upsell")
    if (kind, region) != ("upsell", "nl")
)
HEALTHY = frozenset({"train_churn_ie", "train_upsell_ie", "train_churn_fi", "train_upsell_fi"})
OUT_OF_MEMORY = "train_upsell_de"

COLUMN = "[UNRESOLVED_COLUMN.WITH_SUGGESTION]"


def failed(run_id: int, started_at: datetime) -> PretendRun:
    """18 of 25 tasks with one cause, one with another, and what could not run below them."""
    builder = _builder(run_id, started_at)
    builder.task("build_features", notebook(f"{FOLDER}/build_features", cluster=CLUSTER))
    for number, key in enumerate(MODELS):
        spec = notebook(f"{FOLDER}/train_one_model", cluster=CLUSTER)
        if key in HEALTHY:
            builder.task(key, spec, after=["build_features"])
        elif key == OUT_OF_MEMORY:
            builder.task(
                key, spec, result="FAILED", after=["build_features"], output=_memory_output()
            )
        else:
            region = key.rpartition("_")[2]
            output = _column_output(region, number)
            builder.task(key, spec, result="FAILED", after=["build_features"], output=output)
    publish = notebook(f"{FOLDER}/publish_models", cluster=CLUSTER)
    builder.task("publish_models", publish, result="UPSTREAM_FAILED", after=MODELS, seconds=0)
    return builder.build()


def succeeded(run_id: int, started_at: datetime) -> PretendRun:
    """The same job, well."""
    builder = _builder(run_id, started_at)
    builder.task("build_features", notebook(f"{FOLDER}/build_features", cluster=CLUSTER))
    for key in MODELS:
        spec = notebook(f"{FOLDER}/train_one_model", cluster=CLUSTER)
        builder.task(key, spec, after=["build_features"])
    publish = notebook(f"{FOLDER}/publish_models", cluster=CLUSTER)
    builder.task("publish_models", publish, after=MODELS)
    return builder.build(result="SUCCESS")


def _builder(run_id: int, started_at: datetime) -> RunBuilder:
    builder = RunBuilder(
        run_id=run_id,
        job_id=JOB_ID,
        name="train_models",
        started_at=started_at,
        parameters={"snapshot_date": f"{started_at:%Y-%m-%d}", "env": "prod"},
        tags={"environment": "prod", "team": "ml-platform"},
    )
    builder.clusters[CLUSTER] = {
        "state": "TERMINATED",
        "state_message": "",
        "termination_reason": {"code": "JOB_FINISHED", "type": "SUCCESS"},
    }
    return builder


def _column_output(region: str, number: int) -> dict[str, str]:
    cell = 5940880623511431 + number
    message = (
        f"{COLUMN} A column, variable, or function parameter with name `customer_tenure_days` "
        "cannot be resolved. Did you mean one of the following? [`tenure_days`, `customer_id`, "
        "`customer_segment`, `snapshot_date`, `monthly_charges`]. SQLSTATE: 42703;\n"
        "'Project [customer_id#412, 'customer_tenure_days, monthly_charges#418]\n"
        f"+- Filter (region#421 = {region})\n"
        "   +- SubqueryAlias prod.features.customer_features_v3\n"
        "      +- Relation prod.features.customer_features_v3[customer_id#412,tenure_days#415,"
        "monthly_charges#418,region#421] parquet\n"
    )
    trace = (
        "\x1b[0;31m---------------------------------------------------------------------------"
        "\x1b[0m\n\x1b[0;31mAnalysisException\x1b[0m                         "
        "Traceback (most recent call last)\n"
        f"File \x1b[0;32m<command-{cell}>, line 14\x1b[0m\n"
        '\x1b[1;32m     12\x1b[0m features = spark.table("prod.features.customer_features_v3")\n'
        f'\x1b[1;32m     13\x1b[0m region = features.where(features.region == "{region}")\n'
        '\x1b[0;32m---> 14\x1b[0m training = region.select("customer_id", '
        '"customer_tenure_days", "monthly_charges")\n'
        "\x1b[1;32m     15\x1b[0m model = fit(training.toPandas())\n\n"
        "File \x1b[0;32m/databricks/spark/python/pyspark/sql/dataframe.py:3232\x1b[0m, in "
        "\x1b[0;36mDataFrame.select\x1b[0;34m(self, *cols)\x1b[0m\n"
        "\x1b[0;32m-> 3232\x1b[0m     jdf = self._jdf.select(self._jcols(*cols))\n\n"
        "File \x1b[0;32m/databricks/spark/python/pyspark/errors/exceptions/captured.py:261"
        "\x1b[0m, in \x1b[0;36mcapture_sql_exception.<locals>.deco\x1b[0;34m(*a, **kw)\x1b[0m\n"
        "\x1b[0;32m--> 261\x1b[0m     raise converted from None\n\n"
        f"\x1b[0;31mAnalysisException\x1b[0m: {message}"
    )
    return failed_output(f"AnalysisException: {message}", trace)


def _memory_output() -> dict[str, str]:
    message = (
        "Job aborted due to stage failure: Task 7 in stage 31.0 failed 4 times, most recent "
        "failure: Lost task 7.3 in stage 31.0 (TID 4182) (10.139.64.9 executor 5): "
        "ExecutorLostFailure (executor 5 exited caused by one of the running tasks) Reason: "
        "Command exited with code 137"
    )
    trace = (
        "Py4JJavaError                             Traceback (most recent call last)\n"
        "File <command-5940880623511999>, line 15\n"
        "---> 15 model = fit(training.toPandas())\n\n"
        "Py4JJavaError: An error occurred while calling o812.collectToPython.\n"
        f": org.apache.spark.SparkException: {message}\nDriver stacktrace:\n"
        "\tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages"
        "(DAGScheduler.scala:3997)\n"
        "\tat org.apache.spark.scheduler.DAGScheduler.abortStage(DAGScheduler.scala:3919)\n"
    )
    return failed_output(f"Py4JJavaError: {message}", trace)
