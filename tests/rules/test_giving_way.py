"""When the rule that ranks first gives way to another."""

from dataclasses import replace

import pytest

from jobmon.diagnosis import Category, Confidence
from rules.engine import classify
from rules.rule import Rule
from rules.ruleset import RuleSet, load
from tests.rules.builders import a_failure, a_rule, when
from tests.rules.the_order import CHAIN, CODE, LINE, MIDDLE, WORDS, WRAPPER, order


def test_a_root_that_is_hardly_known_gives_way_to_a_rule_that_is_sure() -> None:
    unsure = a_rule("PY903", when("message", contains="sector 7"), confidence=Confidence.LOW)

    assert order(MIDDLE, unsure) == ["PY902", "PY903"]


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


THREE = """\
org.example.BookException: not sealed because of x
\tat org.example.Book.seal(Book.java:9)
Caused by: org.example.NodeException: cluster 7 is away
\tat org.example.Node.up(Node.java:1)
Caused by: org.example.DiskException: sector 7 is bad
\tat org.example.Disk.put(Disk.java:1)
"""


def test_why_it_did_not_come_up_is_not_taken_from_another_cause() -> None:
    what = a_rule("CLU909", when("message", contains="away"), category=Category.CLUSTER_LAUNCH)
    why = a_rule("WHY901", when("message", contains="because of x"), category=Category.NETWORK)

    assert order(what, why, text=THREE) == ["CLU909", "WHY901"]


GONE = a_rule("CLU902", when("line", contains="executor 4"), category=Category.EXECUTOR_LOST)


def test_that_machines_are_gone_does_not_give_way_to_the_runs_code() -> None:
    assert order(GONE, replace(CODE, category=Category.TIMEOUT), text="")[0] == "CLU902"


def test_that_machines_are_gone_does_not_give_way_to_a_code_that_a_log_states() -> None:
    code = "SPOT_INSTANCE_TERMINATION"
    spot = a_rule("CLU909", when("cluster_code", equals=code), category=Category.SPOT_PREEMPTION)
    logs = f"INFO executor 4 exited\nINFO Termination info: code: {code}"

    assert order(GONE, spot, text="", logs=logs) == ["CLU902", "CLU909"]


AROUND = a_rule(
    "PY902", when("message", regex=r"flush the (?P<name>\w+)"), category=Category.UNKNOWN
)
UNSURE = a_rule("PY908", when("message", contains="sector 7"), confidence=Confidence.LOW)


def test_a_rule_that_hardly_knows_gives_way_to_no_code_and_no_wrapper() -> None:
    assert order(UNSURE, CODE, WRAPPER) == ["PY908", "PY905", "PY901"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(MIDDLE, confidence=Confidence.MEDIUM), id="not-sure-either"),
        pytest.param(AROUND, id="only-words-around-a-cause"),
    ],
)
def test_a_rule_that_hardly_knows_gives_way_only_to_one_that_is_sure_of_a_cause(
    other: Rule,
) -> None:
    assert order(UNSURE, other) == ["PY908", "PY902"]
