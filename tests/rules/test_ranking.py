"""Which of several rules wins: by structure first, then as a table of ties says."""

from dataclasses import replace

import pytest

from jobmon.diagnosis import Category, Confidence
from rules.engine import classify
from rules.rule import Rule
from rules.ruleset import RuleSet, load
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


def test_the_root_wins_whatever_the_confidence() -> None:
    assert order(WRAPPER, MIDDLE, ROOT, LINE, CODE)[0] == "PY903"


def test_a_root_that_is_hardly_known_gives_way_to_a_rule_that_is_sure() -> None:
    unsure = a_rule("PY903", when("message", contains="sector 7"), confidence=Confidence.LOW)

    assert order(MIDDLE, unsure) == ["PY902", "PY903"]


def test_wrappers_come_last() -> None:
    assert order(WRAPPER, MIDDLE, LINE, CODE)[-1] == "PY901"


def test_a_free_line_stands_below_the_root_and_above_wrappers() -> None:
    assert order(ROOT, LINE) == ["PY903", "PY904"]
    assert order(WRAPPER, LINE) == ["PY904", "PY901"]


def test_a_line_within_a_cause_counts_as_that_cause() -> None:
    within = a_rule("PY906", when("line", contains="DiskException: sector"))

    assert order(within, MIDDLE) == ["PY906", "PY902"]


def test_a_line_of_a_wrapper_and_of_what_it_carries_counts_as_the_latter() -> None:
    text = (
        "load failed: (pymssql.InterfaceError) the login server is away\n"
        "(Background on this error at: https://sqlalche.me/e/20/rvf5)\n"
    )
    first = a_rule("PY907", when("line", contains="is away"))

    assert order(first, WRAPPER, LINE, text=text)[0] == "PY907"


def test_a_code_stands_below_texts_and_above_wrappers() -> None:
    assert order(CODE, LINE, WRAPPER) == ["PY904", "PY905", "PY901"]


BAD = when("message", contains="sector 7")
DISK = when("exception", equals="DiskException")


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        pytest.param(
            a_rule("PY909", BAD),
            a_rule("PY901", BAD, confidence=Confidence.MEDIUM, is_users=True, priority=9),
            id="confidence-first",
        ),
        pytest.param(
            a_rule("X901", BAD, is_users=True),
            a_rule("PY901", BAD, priority=9),
            id="then-a-users-rule",
        ),
        pytest.param(
            a_rule("PY909", BAD, priority=1),
            a_rule("PY901", BAD, all_of=(DISK,)),
            id="then-priority",
        ),
        pytest.param(
            a_rule("PY909", BAD, all_of=(DISK,)),
            a_rule("PY901", BAD),
            id="then-more-conditions",
        ),
        pytest.param(a_rule("PY901", BAD), a_rule("PY909", BAD), id="then-the-lower-code"),
    ],
)
def test_a_tie_is_broken(winner: Rule, loser: Rule) -> None:
    assert order(winner, loser) == order(loser, winner) == [winner.code, loser.code]


def test_an_exception_to_a_rule_makes_it_no_more_specific() -> None:
    plain = a_rule("PY911", when("message", contains="sector 7"))
    excepted = a_rule(
        "PY912", when("message", contains="sector"), none_of=(when("message", contains="quota"),)
    )

    assert order(excepted, plain)[0] == "PY911"


def test_a_rule_that_names_the_cause_goes_before_a_nearer_one_that_only_knows_its_words() -> None:
    words = a_rule("PY902", when("message", contains="cannot flush"), category=Category.UNKNOWN)
    named = a_rule("PY907", when("message", contains="Job aborted"), confidence=Confidence.LOW)
    farther = CHAIN.replace("Job aborted.", "the sink is full: Job aborted")

    assert order(words, named, text=farther)[0] == "PY907"


def test_a_rule_that_only_knows_words_around_the_root_leaves_the_root_to_be_quoted() -> None:
    words = a_rule("PY902", when("message", contains="cannot flush"), category=Category.UNKNOWN)
    ruleset = RuleSet((words,), disabled=("GEN",))

    headline = classify(a_failure(CHAIN, logs="", code=""), ruleset).headline

    assert headline == "Caused by: org.example.DiskException: sector 7 is bad"


def test_words_that_any_software_may_use_give_way_to_whoever_knows_a_cause_nearby() -> None:
    unsure = a_rule("PY902", when("message", contains="cannot flush"), confidence=Confidence.LOW)

    assert order(WORDS, unsure) == ["PY902", "WRD901"]
    assert order(WORDS, LINE)[0] == "PY904"


def test_words_go_before_rules_that_know_even_less() -> None:
    anything = a_rule("PY906", when("exception", equals="DiskException"), confidence=Confidence.LOW,
                      priority=-10)  # fmt: skip

    assert order(WORDS, anything) == ["WRD901", "PY906"]


def test_words_give_way_to_a_wrapper_only_where_that_is_sure() -> None:
    assert order(WORDS, WRAPPER) == ["PY901", "WRD901"]
    assert order(WORDS, replace(WRAPPER, confidence=Confidence.MEDIUM))[0] == "WRD901"


def test_rules_by_words_never_claim_to_be_sure() -> None:
    by_words = [rule for rule in load().rules if rule.goes_by_words]

    assert by_words
    assert all(rule.confidence is Confidence.LOW and rule.priority < 0 for rule in by_words)


def test_a_rule_of_the_users_own_does_not_give_way_to_it() -> None:
    gone = replace(
        a_rule("X901", when("message", contains="sector 7"), category=Category.EXECUTOR_LOST),
        is_users=True,
    )
    spot = a_rule("CLD901", when("cluster_code", equals="SPOT"), category=Category.SPOT_PREEMPTION)
    failure = a_failure(CHAIN, cluster_code="SPOT")

    assert classify(failure, RuleSet([gone, spot])).category is Category.EXECUTOR_LOST
    ours = replace(gone, is_users=False)
    assert classify(failure, RuleSet([ours, spot])).category is Category.SPOT_PREEMPTION


ENDED = "Cluster 'c-1' was terminated during the run."


@pytest.mark.parametrize(
    ("text", "code", "category"),
    [
        (ENDED, "SPOT_INSTANCE_TERMINATION", "spot_preemption"),
        (ENDED, "DRIVER_UNREACHABLE", "driver_unavailable"),
        (ENDED, "JOB_FINISHED", "driver_unavailable"),
        ("Driver node is gone", "DRIVER_OUT_OF_MEMORY", "out_of_memory"),
        ("ModuleNotFoundError: No module named 'acme'", "USER_REQUEST", "missing_module"),
    ],
)
def test_that_machines_are_gone_gives_way_to_the_code_that_says_why(
    text: str, code: str, category: str
) -> None:
    assert classify(a_failure(text, cluster_code=code), load()).category == category


STAYED_AWAY = a_rule("CLU909", when("line", contains="cluster 7"), priority=9)


@pytest.mark.parametrize(
    ("category", "deeper"),
    [
        (Category.CLUSTER_LAUNCH, Category.QUOTA_OR_LIMIT),
        (Category.CLUSTER_LAUNCH, Category.CLOUD_CAPACITY),
        (Category.LIBRARY_INSTALL, Category.NETWORK),
        (Category.LIBRARY_INSTALL, Category.PERMISSION_DENIED),
        (Category.DRIVER_UNAVAILABLE, Category.DISK_FULL),
        (Category.EXECUTOR_LOST, Category.OUT_OF_MEMORY),
        (Category.SERIALIZATION, Category.DISK_FULL),
    ],
)
def test_what_did_not_come_up_gives_way_to_why_it_did_not(
    category: Category, deeper: Category
) -> None:
    what = replace(STAYED_AWAY, category=category)
    why = a_rule("WHY901", when("line", contains="because of x"), category=deeper)
    together = "ERROR cluster 7 is not there: because of x"
    apart = "ERROR cluster 7 is not there\nINFO 4 tasks began\nINFO no wonder, because of x"

    assert order(what, why, text=together, logs="") == ["WHY901", "CLU909"]
    by_memory = deeper is Category.OUT_OF_MEMORY
    first = "WHY901" if by_memory else "CLU909"
    assert order(what, why, text=apart, logs="")[0] == first


def test_why_it_did_not_come_up_is_for_a_rule_that_is_sure() -> None:
    what = replace(STAYED_AWAY, category=Category.CLUSTER_LAUNCH)
    why = a_rule(
        "WHY901",
        when("line", contains="because of x"),
        category=Category.NETWORK,
        confidence=Confidence.MEDIUM,
    )

    assert order(what, why, text="ERROR cluster 7 is away: because of x", logs="")[0] == "CLU909"


def test_the_network_does_not_explain_why_an_executor_is_gone() -> None:
    what = replace(STAYED_AWAY, category=Category.EXECUTOR_LOST)
    why = a_rule("WHY901", when("line", contains="because of x"), category=Category.NETWORK)

    assert order(what, why, text="ERROR cluster 7 is away: because of x", logs="")[0] == "CLU909"


def test_a_users_own_rule_keeps_its_word() -> None:
    mine = replace(STAYED_AWAY, category=Category.CLUSTER_LAUNCH, is_users=True)
    why = a_rule("WHY901", when("line", contains="because of x"), category=Category.DISK_FULL)

    assert order(mine, why, text="ERROR cluster 7 is away: because of x", logs="")[0] == "CLU909"
