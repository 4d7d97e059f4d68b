"""What only carries a failure never speaks for a root that is there, known or not."""

import pytest

from jobmon.diagnosis import Category, Confidence, TaskFailure
from rules.engine import classify
from rules.ruleset import load
from tests.rules.builders import a_failure

SEE_OUTPUT = "Workload failed, see run output for details"
UNKNOWN_TO_RULES = [
    "orders.ledger.LedgerError: the books of May are closed",
    "crm.api.ListClosed: contact list 77 takes no more",
    "something broke in stage 4",
    "broken",
]


@pytest.mark.parametrize("error", UNKNOWN_TO_RULES)
def test_an_output_that_no_rule_knows_is_what_is_quoted(error: str) -> None:
    diagnosis = classify(a_failure(error, message=SEE_OUTPUT), load())

    assert diagnosis.category is Category.UNKNOWN
    assert diagnosis.headline == error
    assert diagnosis.finding is None


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(a_failure("the tenant has a quota of 4 and asks for 24"), id="error"),
        pytest.param(a_failure(message="the tenant has a quota of 4"), id="state-message"),
    ],
)
def test_a_sentence_that_looks_like_no_error_is_what_the_task_ended_with(
    failure: TaskFailure,
) -> None:
    diagnosis = classify(failure, load())

    assert diagnosis.category is Category.QUOTA_OR_LIMIT
    assert diagnosis.finding is not None
    assert diagnosis.finding.confidence is Confidence.LOW


def test_the_same_sentence_in_a_log_is_one_line_of_many() -> None:
    logs = "the tenant has a quota of 4\nread 7 rows of the orders"

    assert classify(a_failure(logs=logs), load()).category is Category.UNKNOWN


def test_failures_that_no_rule_knows_stay_apart_under_one_state_message() -> None:
    prints = {
        classify(a_failure(error, message=SEE_OUTPUT, code="RUN_EXECUTION_ERROR"), load())
        for error in UNKNOWN_TO_RULES
    }

    assert len({diagnosis.fingerprint for diagnosis in prints}) == len(UNKNOWN_TO_RULES)


def test_an_unknown_failure_is_recognised_with_and_without_its_state_message() -> None:
    with_message = classify(a_failure(UNKNOWN_TO_RULES[0], message=SEE_OUTPUT), load())
    alone = classify(a_failure(UNKNOWN_TO_RULES[0]), load())

    assert with_message.fingerprint == alone.fingerprint


def test_a_state_message_without_an_output_is_said_to_be_all_that_is_known() -> None:
    diagnosis = classify(a_failure(message=SEE_OUTPUT), load())

    assert diagnosis.finding is not None
    assert diagnosis.finding.rule == "RUN107"
    assert diagnosis.headline == SEE_OUTPUT


def test_a_wrapper_that_a_rule_knows_keeps_unlike_roots_apart() -> None:
    def print_of(root: str) -> str:
        text = f"org.apache.spark.SparkException: Job aborted.\nCaused by: {root}"
        return classify(a_failure(text), load()).fingerprint

    assert print_of("com.acme.Odd: red ink") != print_of("com.acme.Odd: blue paper")


def test_log_lines_beside_it_do_not_stand_in_for_an_output() -> None:
    failure = a_failure(message=SEE_OUTPUT, logs="read 7 rows of the orders\nwrote 7 rows")

    assert classify(failure, load()).headline == SEE_OUTPUT


def test_a_wrapper_that_names_something_is_told_beside_the_root() -> None:
    heading = "Database Error in model orders_daily (models/marts/orders_daily.sql)"
    diagnosis = classify(a_failure(f"{heading}\n  the query was not accepted"), load())

    assert diagnosis.headline.strip() == "the query was not accepted"
    assert diagnosis.entities == {
        "model": "orders_daily",
        "path": "models/marts/orders_daily.sql",
    }


def test_an_executor_that_exited_is_a_cause_and_no_command_that_gives_none() -> None:
    aborted = (
        "org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 0.0 "
        "failed 4 times, most recent failure: Lost task 0.3 in stage 0.0 (TID 6) (10.0.0.7 "
        "executor 6): ExecutorLostFailure (executor 6 exited caused by one of the running tasks) "
        "Reason: Command exited with code 50"
    )
    text = f"py4j.protocol.Py4JJavaError: An error occurred while calling o88.count.\n: {aborted}\n"

    assert classify(a_failure(text), load()).headline == f": {aborted}"


def test_what_a_resource_met_says_more_than_that_its_stack_could_not_make_it() -> None:
    stack = "The following resource(s) failed to create: [LoaderRole]. Rollback requested by user."
    said = 'Resource handler returned message: "Role name loader-role is taken in this account"'

    assert classify(a_failure(f"{stack}\n{said}"), load()).headline == said
