"""What conditions look at, and which have to hold together."""

import pytest

from jobmon.diagnosis import TaskFailure
from rules.engine import classify
from rules.rule import Condition, Rule
from rules.ruleset import RuleSet
from tests.rules.builders import a_failure, a_rule, when

JAVA = """\
org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 1.0 failed
\tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:3)
Caused by: java.io.IOException: No space left on device
\tat java.io.FileOutputStream.writeBytes(Native Method)
"""
OF_SPARK = (
    "AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `x` cannot be"
    " resolved. SQLSTATE: 42703"
)
PYTHON = """\
Traceback (most recent call last):
  File "/Workspace/Shared/job.py", line 3, in <module>
    ledger.close()
  File "/databricks/python/lib/python3.12/site-packages/ledger/book.py", line 9, in close
    self.pages.seal()
AttributeError: 'Pages' object has no attribute 'seal'
"""
ASSERTION = """\
java.lang.AssertionError: assertion failed
\tat scala.Predef$.assert(Predef.scala:208)
\tat com.acme.Ledger.close(Ledger.scala:9)
"""
ACCESS = """\
Traceback (most recent call last):
  File "/Workspace/Shared/job.py", line 3, in <module>
    ledger.closes()
  File "/databricks/python/lib/python3.12/site-packages/ledger/book.py", line 9, in __getattr__
    raise AttributeError(f"'Ledger' object has no attribute {name!r}")
AttributeError: 'Ledger' object has no attribute 'closes'
"""
WORDS = "etl.StoppedError: LOADER_GONE: table x is locked. Column y does not exist"


def fires(rule: Rule, failure: TaskFailure) -> bool:
    finding = classify(failure, RuleSet([rule], disabled=("GEN",))).finding
    return finding is not None


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        pytest.param(when("exception", equals="IOException"), JAVA, id="last-part-of-the-type"),
        pytest.param(when("exception", equals="java.io.IOException"), JAVA, id="whole-type"),
        pytest.param(when("exception", one_of=["A", "IOException"]), JAVA, id="one-of-types"),
        pytest.param(when("exception", regex="IO.*tion$"), JAVA, id="type-by-regex"),
        pytest.param(when("message", contains="space left"), JAVA, id="part-of-message"),
        pytest.param(when("message", equals="No space left on device"), JAVA, id="whole-line"),
        pytest.param(when("message", regex=r"^No \w+ left"), JAVA, id="message-by-regex"),
        pytest.param(when("words", regex=r"^Column (?&named) (?&gone)"), WORDS, id="a-sentence"),
        pytest.param(when("words", regex=r"^loader (?&gone)"), WORDS, id="a-name-in-words"),
        pytest.param(
            when("line", regex=r'relation "\w+" does not exist'),
            '{"message": "ERROR: relation \\"orders\\" does not exist"}',
            id="quotes-escaped-in-json",
        ),
        pytest.param(when("error_class", equals="UNRESOLVED_COLUMN"), OF_SPARK, id="main-class"),
        pytest.param(
            when("error_class", equals="UNRESOLVED_COLUMN.WITH_SUGGESTION"), OF_SPARK, id="sub"
        ),
        pytest.param(when("sqlstate", equals="42703"), OF_SPARK, id="sqlstate"),
        pytest.param(when("raised_in", equals="library"), PYTHON, id="in-a-library"),
        pytest.param(when("raised_in", equals="user"), ASSERTION, id="for-who-calls-the-jvm"),
        pytest.param(when("raised_in", equals="user"), ACCESS, id="by-who-asks-for-an-attribute"),
        pytest.param(when("raised_at", equals="com.acme.Ledger.close"), ASSERTION, id="method"),
        pytest.param(when("raised_at", regex=r"book\.py:close$"), PYTHON, id="function"),
        pytest.param(when("line", contains="FileOutputStream"), JAVA, id="any-line"),
        pytest.param(when("error", contains="FileOutputStream"), JAVA, id="line-of-the-error"),
    ],
)
def test_a_condition_holds(condition: Condition, text: str) -> None:
    assert fires(a_rule("PY900", condition), a_failure(text))


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        pytest.param(when("exception", equals="Exception"), JAVA, id="end-of-a-type"),
        pytest.param(when("exception", equals="ioexception"), JAVA, id="case"),
        pytest.param(when("message", equals="No space left"), JAVA, id="part-is-not-whole"),
        pytest.param(when("message", contains="FileOutputStream"), JAVA, id="frame-is-no-message"),
        pytest.param(when("message", regex="left.*writeBytes"), JAVA, id="across-lines"),
        pytest.param(when("words", regex="locked.*[Cc]olumn"), WORDS, id="across-sentences"),
        pytest.param(when("words", regex="etl|stopped error"), WORDS, id="the-type-is-not-said"),
        pytest.param(when("error_class", equals="UNRESOLVED"), OF_SPARK, id="part-of-a-class"),
        pytest.param(when("error_class", equals="UNRESOLVED_COLUMN.OTHER"), OF_SPARK, id="sub"),
        pytest.param(when("trace", contains="space left"), JAVA, id="another-text"),
        pytest.param(when("raised_in", equals="library"), OF_SPARK, id="no-stack"),
        pytest.param(when("raised_at", contains="Predef"), ASSERTION, id="method-of-the-language"),
        pytest.param(when("raised_in", equals="library"), ASSERTION, id="behalf-of-the-caller"),
    ],
)
def test_a_condition_does_not_hold(condition: Condition, text: str) -> None:
    assert not fires(a_rule("PY900", condition), a_failure(text))


def test_conditions_on_a_cause_must_hold_on_the_same_cause() -> None:
    mixed = (when("exception", equals="SparkException"), when("message", contains="space left"))
    same = (when("exception", equals="IOException"), when("message", contains="space left"))

    assert not fires(a_rule(all_of=mixed), a_failure(JAVA))
    assert fires(a_rule(all_of=same), a_failure(JAVA))


def test_a_line_may_stand_anywhere_beside_a_cause() -> None:
    both = (when("exception", equals="IOException"), when("line", contains="Job aborted"))

    assert fires(a_rule(all_of=both), a_failure(JAVA))


def test_all_and_any_together_need_every_all_and_one_any() -> None:
    everything = (when("exception", equals="IOException"),)
    rule = a_rule("PY900", when("message", contains="quota"), all_of=everything)
    other = a_rule("PY900", when("message", contains="space"), all_of=everything)

    assert not fires(rule, a_failure(JAVA))
    assert fires(other, a_failure(JAVA))


@pytest.mark.parametrize(
    "forbidden",
    [
        pytest.param(when("message", contains="on device"), id="on-the-cause"),
        pytest.param(when("line", contains="DAGScheduler"), id="anywhere"),
    ],
)
def test_none_stops_a_rule(forbidden: Condition) -> None:
    rule = a_rule("PY900", when("message", contains="space left"), none_of=(forbidden,))

    assert not fires(rule, a_failure(JAVA))


def test_none_on_another_cause_does_not_stop_a_rule() -> None:
    forbidden = when("message", contains="Job aborted")
    rule = a_rule("PY900", when("message", contains="space left"), none_of=(forbidden,))

    assert fires(rule, a_failure(JAVA))


def test_codes_and_the_task_type_need_no_text() -> None:
    failure = a_failure(code="RUN_X", cluster_code="CLUSTER_Y", task_type="dbt")

    assert fires(a_rule("RUN900", when("termination_code", equals="RUN_X")), failure)
    assert fires(a_rule("CLU900", when("cluster_code", one_of=["A", "CLUSTER_Y"])), failure)
    assert fires(a_rule("DBT900", when("task_type", equals="dbt")), failure)


@pytest.mark.parametrize(
    "text",
    [
        "Termination info: code: INIT_SCRIPT_FAILURE, type: CLIENT_ERROR",
        "Cluster 1-x was terminated. Reason: INIT_SCRIPT_FAILURE (CLIENT_ERROR).",
        '{"termination_reason": {"code": "INIT_SCRIPT_FAILURE", "type": "CLIENT_ERROR"}}',
    ],
)
def test_a_cluster_code_is_read_from_texts(text: str) -> None:
    rule = a_rule("CLU900", when("cluster_code", equals="INIT_SCRIPT_FAILURE"))

    assert fires(rule, a_failure(message=text))


def test_the_termination_message_is_a_text() -> None:
    failure = a_failure(code="DRIVER_ERROR", message="")
    said = TaskFailure(
        task_key="load",
        termination=failure.termination
        and type(failure.termination)(code="DRIVER_ERROR", message="the driver was lost"),
    )

    assert fires(a_rule("DRV900", when("line", contains="driver was lost")), said)


def test_only_the_start_of_a_very_long_line_counts() -> None:
    rule = a_rule("PY900", when("line", contains="needle"))

    assert fires(rule, a_failure(logs="x" * 900 + " needle"))
    assert not fires(rule, a_failure(logs="x" * 5000 + " needle"))
