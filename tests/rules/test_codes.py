"""Termination codes: all that the SDK knows, and what comes after it."""

import pytest
from databricks.sdk.service.compute import TerminationReasonCode
from databricks.sdk.service.jobs import TerminationCodeCode

from jobmon.diagnosis import Category, Diagnosis, Rerun
from rules.codes import Scope, code_table
from rules.engine import classify
from rules.ruleset import RuleSet
from tests.rules.builders import a_failure

RUN_CODES = [*(code.value for code in TerminationCodeCode), "CLUSTER_TERMINATED_BY_USER"]
CLUSTER_CODES = [code.value for code in TerminationReasonCode]
SAY_NOTHING = {"SUCCESS", "SUCCESS_WITH_FAILURES", "RUN_EXECUTION_ERROR", "JOB_FINISHED"}


def diagnosed(error: str = "", **facts: str) -> Diagnosis:
    return classify(a_failure(error, **facts), RuleSet([]))


@pytest.mark.parametrize(
    ("scope", "code"),
    [(Scope.RUN, code) for code in RUN_CODES] + [(Scope.CLUSTER, code) for code in CLUSTER_CODES],
)
def test_every_code_of_the_sdk_is_in_the_table(scope: Scope, code: str) -> None:
    assert code_table().knows(scope, code)
    meaning = code_table().meaning(scope, code)
    assert (meaning is None) == (code in SAY_NOTHING)
    assert meaning is None or (meaning.summary and meaning.remedy)


@pytest.mark.parametrize(
    ("code", "category", "rerun"),
    [
        ("AWS_NEW_ZONE_STOCKOUT", Category.CLOUD_CAPACITY, Rerun.LIKELY_TO_HELP),
        ("NEW_STOCKOUT_DUE_TO_MISCONFIG", Category.CLOUD_CAPACITY, Rerun.UNLIKELY_TO_HELP),
        ("AZURE_DISK_QUOTA_EXCEEDED", Category.QUOTA_OR_LIMIT, Rerun.UNLIKELY_TO_HELP),
        ("GCP_SPOT_PREEMPTED", Category.SPOT_PREEMPTION, Rerun.LIKELY_TO_HELP),
        ("NEW_API_THROTTLED", Category.RATE_LIMITED, Rerun.LIKELY_TO_HELP),
        ("NEW_DNS_FAILURE", Category.NETWORK, Rerun.UNKNOWN),
        ("AZURE_ROLE_DENIED", Category.PERMISSION_DENIED, Rerun.UNLIKELY_TO_HELP),
        ("NEW_BOOTSTRAP_TROUBLE", Category.CLUSTER_LAUNCH, Rerun.UNKNOWN),
    ],
)
def test_a_code_that_the_sdk_does_not_know_is_judged_by_its_words(
    code: str, category: Category, rerun: Rerun
) -> None:
    diagnosis = diagnosed(cluster_code=code)

    assert (diagnosis.category, diagnosis.rerun) == (category, rerun)
    assert diagnosis.finding is not None
    assert code in diagnosis.finding.summary


def test_a_code_without_known_words_is_judged_by_its_type() -> None:
    meaning = code_table().meaning(Scope.CLUSTER, "SOMETHING_NEW", "CLOUD_FAILURE")

    assert meaning is not None
    assert meaning.category is Category.CLUSTER_LAUNCH


def test_a_code_that_says_nothing_is_no_finding() -> None:
    assert diagnosed(code="RUN_EXECUTION_ERROR").finding is None


def test_a_text_beats_a_code_that_names_no_cause() -> None:
    diagnosis = diagnosed("PermissionError: [Errno 13] Permission denied", code="INTERNAL_ERROR")

    assert diagnosis.category is Category.PERMISSION_DENIED


def test_a_clusters_code_beats_what_the_run_says_generally() -> None:
    diagnosis = diagnosed(code="CLUSTER_ERROR", cluster_code="SPOT_INSTANCE_TERMINATION")

    assert diagnosis.category is Category.SPOT_PREEMPTION


def test_a_code_that_a_text_states_is_quoted_with_its_line() -> None:
    text = "Run failed.\nTermination info: code: GCP_IP_SPACE_EXHAUSTED, type: CLIENT_ERROR"

    finding = diagnosed(text).finding

    assert finding is not None
    assert finding.category is Category.QUOTA_OR_LIMIT
    assert finding.evidence[0].line == 2
    assert finding.evidence[0].text == text.split("\n")[1]


def test_a_code_that_a_text_spells_out_in_words_is_understood() -> None:
    diagnosis = classify(
        a_failure("Cluster terminated. Reason: Metastore Component Unhealthy."), RuleSet([])
    )

    assert diagnosis.category is Category.NETWORK


@pytest.mark.parametrize(
    "text",
    [
        "Cluster 0101-demo is in unexpected state Terminated: AZURE_BYOK_KEY_PERMISSION_FAILURE(x)",
        "Unexpected state for cluster (0101-demo): AZURE_BYOK_KEY_PERMISSION_FAILURE(SUCCESS): x",
    ],
)
def test_a_code_is_read_after_the_state_of_the_cluster(text: str) -> None:
    finding = diagnosed(text).finding

    assert finding is not None
    assert finding.category is Category.PERMISSION_DENIED


def test_the_type_of_an_unknown_code_may_stand_on_the_next_line() -> None:
    text = '"code": "DBR_LAUNCH_TIMEOUT",\n"type": "SERVICE_FAULT",\n"parameters": {}'

    assert diagnosed(text).category is Category.CLUSTER_LAUNCH
    assert diagnosed(text.replace("SERVICE_FAULT", "OTHER")).category is Category.UNKNOWN


def test_a_code_that_only_runs_have_is_no_clusters_whatever_its_type() -> None:
    text = '"code": "RUN_EXECUTION_ERROR",\n"type": "CLIENT_ERROR",'

    assert diagnosed(text).category is Category.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "AZURE_QUOTA_EXCEEDED_EXCEPTION",
        "Error: failed to reach RUNNING, got TERMINATED: AZURE_QUOTA_EXCEEDED_EXCEPTION",
        "Cluster terminated. Reason: Azure Quota Exceeded Exception The subscription is full",
    ],
)
def test_a_code_counts_bare_at_the_start_of_a_line_and_in_words(text: str) -> None:
    assert diagnosed(text).category is Category.QUOTA_OR_LIMIT


def test_a_short_code_alone_may_be_another_programs_word() -> None:
    assert diagnosed("INVALID_ARGUMENT: bad").category is not Category.CLUSTER_LAUNCH
    stated_by_velox = (
        "Error Source: USER\nError Code: INVALID_ARGUMENT\nReason: the digest is short"
    )
    assert diagnosed(stated_by_velox).category is not Category.CLUSTER_LAUNCH
    of_a_cluster = "Termination info: code: INVALID_ARGUMENT"
    assert diagnosed(of_a_cluster).category is Category.CLUSTER_LAUNCH
