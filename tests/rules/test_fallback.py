"""What is said of a root cause that no rule knows: less, but honestly."""

import pytest

from jobmon.diagnosis import Category, Confidence, Rerun
from rules.engine import classify
from rules.rule import Rule
from rules.ruleset import RuleSet
from tests.rules.builders import a_failure, a_rule, when

NO_RULES = RuleSet([])
USERS_OWN = """\
Traceback (most recent call last):
  File "/Workspace/Users/ann@example.com/etl/load.py", line 12, in <module>
    check(rows)
etl.checks.TooFewRowsError: only 3 rows came
"""
JAVA_USERS_OWN = """\
Exception in thread "main" com.acme.etl.TooFewRowsException: only 3 rows came
\tat com.acme.etl.Load.check(Load.scala:41)
"""
JAVA_NO_WORDS = JAVA_USERS_OWN.replace("only 3 rows came", "")
A_LIBRARYS = """\
java.lang.IllegalArgumentException: {}
\tat org.apache.hadoop.acme.Sink.open(Sink.java:41)
\tat com.acme.etl.Load.run(Load.scala:7)
"""
SAME_CLASS_TWICE = "java.lang.ClassCastException: com.acme.Row cannot be cast to com.acme.Row"
ANOTHER_CLASS = "java.lang.ClassCastException: com.acme.Row cannot be cast to com.acme.RowOf"


def winner(text: str, *rules: Rule, code: str = "") -> str:
    finding = classify(a_failure(text, code=code), RuleSet(rules)).finding
    return finding.rule if finding else ""


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("KeyError: 'region'", Category.USER_CODE_EXCEPTION),
        ("MemoryError", Category.OUT_OF_MEMORY),
        ("java.lang.ClassNotFoundException: org.example.Sink", Category.MISSING_MODULE),
        ("java.lang.NoSuchMethodError: org.example.Sink.put()", Category.DEPENDENCY_CONFLICT),
        ("acme.errors.QueueTimeoutError: waited", Category.TIMEOUT),
        ("acme.errors.TokenExpiredError: log in", Category.AUTHENTICATION),
        ("acme.client.NotSignedInError: who are you", Category.AUTHENTICATION),
        ("networkx.exception.NodeNotFound: Node 7 is absent", Category.USER_CODE_EXCEPTION),
        ("acme.errors.NoSuchTableError: orders", Category.TABLE_NOT_FOUND),
        ("acme.errors.UnknownColumnError: price", Category.UNRESOLVED_COLUMN),
        ("acme.errors.ModelVersionNotFound: 7", Category.MODEL_NOT_FOUND),
        ("acme.errors.MissingConfigError: region", Category.MISSING_PARAMETER_OR_SECRET),
        ("acme.errors.CommitConflictError: late", Category.CONCURRENT_MODIFICATION),
        ("acme.errors.DiskFullError: /local", Category.DISK_FULL),
        ("acme.errors.ServiceUnavailableError: later", Category.EXTERNAL_SERVICE),
        ("acme.errors.VersionMismatchError: 2 and 3", Category.DEPENDENCY_CONFLICT),
        ("acme.errors.TypeMismatchError: a word", Category.DATA_TYPE_OR_CAST),
        ("acme.errors.MemoryLimitExceeded: 4 GB", Category.OUT_OF_MEMORY),
        ("acme.errors.InvalidConfigError: a colour", Category.USER_CODE_EXCEPTION),
        ("acme.errors.ViewMissingError: orders", Category.TABLE_NOT_FOUND),
        ("acme.errors.UnsetVariableError: day", Category.MISSING_PARAMETER_OR_SECRET),
        ("java.net.ConnectException: no route", Category.NETWORK),
        ("acme.errors.BucketNotFoundError: raw", Category.PATH_NOT_FOUND),
        ("acme.errors.QueueAlreadyExistsError", Category.USER_CODE_EXCEPTION),
        ("acme.errors.PluginNotFoundError: csv", Category.MISSING_MODULE),
        ("acme.errors.PackageInstallError: dq", Category.LIBRARY_INSTALL),
        ("acme.errors.WorkerDiedError: 4", Category.EXECUTOR_LOST),
        ("acme.errors.KernelDiedError: now", Category.DRIVER_UNAVAILABLE),
        ("acme.errors.ClusterStartError: small", Category.CLUSTER_LAUNCH),
        ("acme.errors.StockoutError: zone b", Category.CLOUD_CAPACITY),
        ("acme.errors.PreemptedError: 3", Category.SPOT_PREEMPTION),
        ("acme.errors.JobCancelledError: 3", Category.CANCELLED),
        ("acme.errors.DependencyFailedError: load", Category.UPSTREAM_FAILED),
        ("acme.errors.SchemaDriftError: orders", Category.SCHEMA_MISMATCH),
        ("acme.errors.RowCountMismatchError: 3, 4", Category.DATA_QUALITY),
        ("acme.errors.OffsetsExpiredError: 88", Category.STREAMING_FAILURE),
        ("acme.errors.UnexpectedStateError: 7", Category.INTERNAL_ERROR),
        (JAVA_USERS_OWN, Category.USER_CODE_EXCEPTION),
        (SAME_CLASS_TWICE, Category.DEPENDENCY_CONFLICT),
        (ANOTHER_CLASS, Category.DATA_TYPE_OR_CAST),
        ("ErrorCode=UserErrorSourceQueryTimeout,'Message=slow'", Category.TIMEOUT),
        (USERS_OWN, Category.USER_CODE_EXCEPTION),
    ],
)
def test_an_exception_is_judged_by_its_type_with_low_confidence(
    text: str, category: Category
) -> None:
    finding = classify(a_failure(text), NO_RULES).finding

    assert finding is not None
    assert (finding.category, finding.confidence) == (category, Confidence.LOW)


@pytest.mark.parametrize(
    "text",
    [
        "org.apache.kafka.connect.errors.ConnectException: a field of two types",
        "databricks.sql.exc.RequestError: Error during request to server",
    ],
)
def test_a_type_that_stands_for_any_failure_of_its_software_says_nothing(text: str) -> None:
    assert classify(a_failure(text), NO_RULES).finding is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("the nightly load has failed", id="prose"),
        pytest.param("org.acme.StrangeException: no idea", id="a-type-that-says-nothing"),
        pytest.param("RuntimeError: Execution failed", id="a-message-that-says-nothing"),
        pytest.param(JAVA_NO_WORDS, id="a-type-without-a-message"),
        pytest.param(A_LIBRARYS.format("Failed to write Layer(tides, 11)"), id="no-reason"),
        pytest.param("KeyError: The original error message is redacted here", id="redacted"),
        pytest.param(A_LIBRARYS.format("Failed to initialize null"), id="no-reason-of-nothing"),
        pytest.param(A_LIBRARYS.format("Error while opening file: /tides/7"), id="no-reason-for"),
    ],
)
def test_what_says_nothing_is_unknown(text: str) -> None:
    diagnosis = classify(a_failure(text), NO_RULES)

    assert diagnosis.finding is None
    assert diagnosis.headline == text.partition("\n")[0]


@pytest.mark.parametrize(
    "text",
    [
        A_LIBRARYS.format("Failed to open tides because zoom is 11"),
        A_LIBRARYS.format("Failed to open tides: zoom is 11"),
        A_LIBRARYS.format("The zoom is 11"),
        A_LIBRARYS.format("Failed to open tides").replace("org.apache.hadoop.acme", "com.acme"),
    ],
)
def test_what_gives_a_reason_or_is_raised_by_the_users_own_code_is_theirs(text: str) -> None:
    assert classify(a_failure(text), NO_RULES).category is Category.USER_CODE_EXCEPTION


def test_an_error_condition_of_spark_is_judged_by_its_name() -> None:
    text = "AnalysisException: [SCHEMA_NOT_FOUND] The schema `sales` cannot be found."

    finding = classify(a_failure(text), NO_RULES).finding

    assert finding is not None
    assert (finding.category, finding.confidence) == (Category.TABLE_NOT_FOUND, Confidence.MEDIUM)


def test_nothing_is_added_where_a_rule_speaks() -> None:
    ruleset = RuleSet([a_rule("PY900", when("exception", equals="KeyError"))])

    said = classify(a_failure("KeyError: 'region'"), ruleset)

    assert said.finding is not None
    assert (said.finding.rule, said.also_matched) == ("PY900", ())


def test_a_rule_that_knows_only_a_wrapper_gives_way_to_what_the_type_says() -> None:
    wrapper = a_rule("SPK900", when("line", contains="Job aborted"), category=Category.UNKNOWN)
    text = "org.apache.spark.SparkException: Job aborted: java.lang.IndexOutOfBoundsException: 14"

    finding = classify(a_failure(text), RuleSet([wrapper])).finding

    assert finding is not None
    assert finding.category is Category.USER_CODE_EXCEPTION


def test_an_error_condition_that_only_carries_another_error_is_not_judged() -> None:
    text = "SparkException: [TASK_WRITE_FAILED] Task failed while writing rows. SQLSTATE: 58030"

    assert classify(a_failure(text), NO_RULES).category is Category.UNKNOWN


def test_a_dollar_in_a_type_is_no_template() -> None:
    finding = classify(a_failure("org.acme.Jobs$TimeoutException: late"), NO_RULES).finding

    assert finding is not None
    assert "$" not in finding.summary.replace("Jobs$TimeoutException", "")


def test_what_the_tasks_own_exception_says_is_the_summary() -> None:
    finding = classify(a_failure(USERS_OWN), NO_RULES).finding

    assert finding is not None
    assert finding.summary == "TooFewRowsError: only 3 rows came"
    assert finding.rerun is Rerun.UNKNOWN


def test_a_type_that_says_it_will_be_so_again_does_not_ask_for_a_rerun() -> None:
    assert classify(a_failure("KeyError: 'region'"), NO_RULES).rerun is Rerun.UNLIKELY_TO_HELP


def test_an_error_condition_speaks_beside_a_rule_that_is_hardly_sure_only_where_it_is_surer() -> (
    None
):
    hardly = a_rule("PY900", when("message", contains="sales"), confidence=Confidence.LOW)
    surer = "AnalysisException: [SCHEMA_NOT_FOUND] The schema `sales` cannot be found."
    no_surer = "AnalysisException: [ACME_THING_INVALID] sales is odd"

    assert winner(surer, hardly) == "GEN101"
    assert winner(no_surer, hardly) == "PY900"
    assert winner(no_surer) == "GEN101"


@pytest.mark.parametrize(
    ("code", "rule", "page"),
    [
        ("USER_CANCELED", "GEN103", "jobs/getrun"),
        ("AWS_INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET_FAILURE", "GEN104", "clusters-manage"),
    ],
)
def test_a_code_that_a_text_states_is_judged_as_what_it_is_a_code_of(
    code: str, rule: str, page: str
) -> None:
    finding = classify(a_failure(f"It was ended. Reason: {code} (CLIENT_ERROR)."), NO_RULES).finding

    assert finding is not None
    assert finding.rule == rule
    assert page in finding.references[0]


def test_a_code_that_names_no_cause_stands_below_a_wrapper() -> None:
    spark = when("exception", equals="SparkException")
    wrapper = a_rule("SPK900", spark, confidence=Confidence.LOW, priority=-20)
    text = "org.apache.spark.SparkException: Job aborted."

    assert winner(text, wrapper, code="INTERNAL_ERROR") == "SPK900"
