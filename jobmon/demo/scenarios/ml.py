"""Machine learning runs: a missing secret, a model without a signature, models failing softly."""

import json
from datetime import datetime

from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook, python_wheel
from jobmon.demo.workspace import PretendRun

PLANTED_TOKEN = "dapi" + "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
"""A made-up token that a library prints; it has to be redacted wherever the text goes."""

SIGNATURE = (
    "Model passed for registration did not contain any signature metadata. All models in the "
    "Unity Catalog must be logged with a model signature containing both input and output type "
    "specifications. See https://mlflow.org/docs/latest/models.html#model-signature for details."
)


def missing_secret(run_id: int, started_at: datetime) -> PretendRun:
    """A secret that is not in its scope; the log shows a token on the way."""
    builder = RunBuilder(
        run_id=run_id, job_id=158840077213409, name="score_leads", started_at=started_at
    )
    message = "Secret does not exist with scope: prod-ml and key: salesforce-api"
    error = f"Py4JJavaError: An error occurred while calling o455.getSecret.\n: {message}"
    trace = (
        "Traceback (most recent call last):\n"
        '  File "/local_disk0/lib/python3.11/site-packages/leads/score.py", line 41, in main\n'
        '    key = dbutils.secrets.get(scope="prod-ml", key="salesforce-api")\n'
        "py4j.protocol.Py4JJavaError: An error occurred while calling o455.getSecret.\n"
        f": java.lang.IllegalArgumentException: {message}\n"
        "\tat com.databricks.dbutils_v1.impl.SecretUtilsImpl.getSecret(SecretUtilsImpl.scala:48)\n"
    )
    logs = f"leads 2.4.1 starting\nconnecting with token {PLANTED_TOKEN}\nreading secret scope\n"
    output = failed_output(error, trace, logs)
    builder.task("score", python_wheel("leads", "score"), result="FAILED", output=output)
    return builder.build()


def missing_signature(run_id: int, started_at: datetime) -> PretendRun:
    """Unity Catalog refuses a model."""
    builder = RunBuilder(
        run_id=run_id, job_id=773312209981246, name="register_churn_model", started_at=started_at
    )
    trace = (
        "MlflowException                           Traceback (most recent call last)\n"
        "File <command-2204417763320981>, line 22\n"
        '---> 22 mlflow.register_model(uri, "prod.models.churn")\n\n'
        f"MlflowException: {SIGNATURE}"
    )
    output = failed_output(f"MlflowException: {SIGNATURE}", trace)
    spec = notebook("/Workspace/ml/register_model")
    builder.task("register", spec, result="FAILED", output=output)
    return builder.build()


def succeeded_with_failed_parts(run_id: int, started_at: datetime) -> PretendRun:
    """A run that is a success to Databricks, though three of its twelve models failed."""
    builder = RunBuilder(
        run_id=run_id, job_id=881024417730662, name="nightly_forecasts", started_at=started_at
    )
    result = {
        "status": "partial",
        "total_models": 12,
        "failed": 3,
        "failed_models": ["forecast_dk", "forecast_nl", "forecast_pt"],
        "errors": [
            {"model": "forecast_dk", "error": "ValueError: Input y contains NaN."},
            {"model": "forecast_nl", "error": "ValueError: Input y contains NaN."},
            {"model": "forecast_pt", "error": "LinAlgError: Singular matrix"},
        ],
    }
    output = {"notebook_output": {"result": json.dumps(result), "truncated": False}}
    builder.task("forecast", notebook("/Workspace/ml/forecast"), output=output)
    return builder.build(result="SUCCESS")
