"""In which order rules rank on one failure, and some of them."""

from jobmon.diagnosis import Confidence
from rules.engine import classify
from rules.rule import Rule
from rules.ruleset import RuleSet
from tests.rules.builders import a_failure, a_rule, when

CHAIN = """\
Traceback (most recent call last):
  File "/Workspace/etl/load.py", line 4, in <module>
    df.write.saveAsTable("orders")
py4j.protocol.Py4JJavaError: An error occurred while calling o77.saveAsTable.
: org.apache.spark.SparkException: Job aborted.
\tat org.apache.spark.sql.errors.QueryExecutionErrors$.jobAbortedError(QueryExecutionErrors.scala)
Caused by: java.io.IOException: cannot flush the buffer
\tat org.example.Sink.flush(Sink.java:9)
Caused by: org.example.DiskException: sector 7 is bad
\tat org.example.Disk.write(Disk.java:1)
"""
WRAPPER = a_rule("PY901", when("exception", equals="Py4JJavaError"))
MIDDLE = a_rule("PY902", when("message", contains="cannot flush"))
ROOT = a_rule("PY903", when("message", contains="sector 7"), confidence=Confidence.MEDIUM)
WORDS = a_rule(
    "WRD901", when("message", contains="sector 7"), confidence=Confidence.LOW, priority=-9
)
LINE = a_rule("PY904", when("logs", contains="executor 4 exited"))
CODE = a_rule("PY905", when("termination_code", equals="RUN_EXECUTION_ERROR"))


def order(*rules: Rule, text: str = CHAIN, logs: str = "INFO executor 4 exited") -> list[str]:
    failure = a_failure(text, logs=logs, code="RUN_EXECUTION_ERROR")
    said = classify(failure, RuleSet(rules, disabled=("GEN",)))
    return [said.finding.rule, *said.also_matched] if said.finding else []
