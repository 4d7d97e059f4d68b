"""What was warned of before a failure does not explain it."""

from dataclasses import replace

import pytest

from jobmon.diagnosis import Category
from rules.engine import classify
from rules.ruleset import RuleSet, load
from tests.rules.builders import a_failure, a_rule, when

FAILURE = "com.acme.BusinessException: month is closed\n\tat com.acme.Main.check(Main.java:10)\n"
RESET = "26/11/24 02:13:01 {level} Client: java.net.SocketException: Connection reset by peer\n"


def category(text: str) -> Category:
    return classify(a_failure(logs=text), load()).category


def test_a_warning_that_was_survived_explains_no_later_exception() -> None:
    assert category(RESET.format(level="WARN") + FAILURE) is Category.USER_CODE_EXCEPTION


def test_a_warning_alone_is_all_there_is_to_go_by() -> None:
    assert category(RESET.format(level="WARN")) is Category.NETWORK


def test_an_error_beside_the_exception_still_counts() -> None:
    assert category(RESET.format(level="ERROR") + FAILURE) is Category.NETWORK


def test_a_tools_own_warning_is_no_line_of_a_log() -> None:
    text = (
        "java.lang.IllegalStateException: installation of libraries failed\n"
        "WARNING: Retrying after connection broken by 'ConnectionResetError(104, "
        "'Connection reset by peer')': /simple/polars/\n"
    )

    assert category(text) is Category.NETWORK


@pytest.mark.parametrize(
    "line",
    [
        "WARN  pull - connection reset by peer while reading a.csv, retry 1/3 in 5s",
        "stage.customers: table not found -> creating it",
        "override file /etc/load/override.ini not found, using defaults",
        'psql:010.sql:3: NOTICE:  table "rates" does not exist, skipping',
        "GET /orders?page=4 401, access token expired, refreshing",
        "quota check: 45% used, out of quota: none, all within limits",
        "[watch] oom_kills=0 io_errors=0",
        "done: 12 loaded, 0 rows rejected for bad rows",
        "x.py:9: FutureWarning: the column 'a' is missing in the next version",
        "     ✓ Rate limit: 60 calls/user/minute",
        "✅ table not found handled",
        "spot worker was reclaimed by the provider; replacement requested",
    ],
)
def test_a_line_that_says_how_it_went_on_explains_nothing(line: str) -> None:
    assert classify(a_failure(logs=line), load()).finding is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("could not copy, attempt 3/3, giving up: connection refused", Category.NETWORK),
        ("column a -> user_id does not exist", Category.UNRESOLVED_COLUMN),
    ],
)
def test_a_line_that_does_not_say_how_it_went_on_counts(line: str, expected: Category) -> None:
    assert category(line) is expected


def test_a_rule_of_the_users_own_is_always_heard() -> None:
    line = "stage.customers: table not found -> creating it"
    own = replace(a_rule("X101", when("line", contains="stage.customers")), is_users=True)
    ours = a_rule("PY900", when("line", contains="stage.customers"))

    assert classify(a_failure(logs=line), RuleSet([own])).finding is not None
    assert classify(a_failure(logs=line), RuleSet([ours])).finding is None


def test_what_came_of_an_exception_is_not_read_in_its_message() -> None:
    text = "pricing.MissingColumnError: column rate does not exist, skipping nothing"

    assert category(text) is Category.UNRESOLVED_COLUMN


def test_words_of_any_software_are_not_taken_from_a_warning() -> None:
    line = "26/11/24 02:13:01 {level} Hub: the measure price is absent"

    assert category(line.format(level="ERROR")) is Category.UNRESOLVED_COLUMN
    assert category(line.format(level="WARN")) is Category.UNKNOWN


BUSY = "26/11/24 02:13:01 WARN Hub: reactor 7 is down\n"
REACTOR = RuleSet([a_rule("PY900", when("line", contains="reactor 7"))], disabled=("GEN",))


def fired(logs: str, *, error: str = "") -> bool:
    return classify(a_failure(error, logs=logs), REACTOR).finding is not None


def test_a_rule_by_words_does_not_go_by_a_warning_even_where_there_is_no_more() -> None:
    words = RuleSet([a_rule("WRD900", when("line", contains="reactor 7"))], disabled=("GEN",))

    assert classify(a_failure(logs=BUSY), words).finding is None
    assert classify(a_failure(logs=BUSY.replace("WARN", "ERROR")), words).finding is not None


def test_a_rule_that_knows_its_software_goes_by_a_warning_where_there_is_no_more() -> None:
    assert fired(BUSY)
    assert not fired(BUSY + FAILURE)


@pytest.mark.parametrize(
    "root",
    [
        pytest.param("ERROR the month is closed for good\n", id="a-line"),
        pytest.param("org.apache.spark.SparkException: Job aborted.\n", id="a-wrapper"),
        pytest.param("26/11/24 02:13:02 WARN Main: " + FAILURE, id="a-warning"),
    ],
)
def test_a_warning_is_heard_beside_a_root_that_says_no_more(root: str) -> None:
    assert fired(BUSY + root)


@pytest.mark.parametrize("space", [" ", "\u00a0"], ids=["typed", "fixed"])
def test_counts_with_a_task_before_that_failed_explain_with_any_spaces(space: str) -> None:
    rules = RuleSet([a_rule("PY900", when("line", contains="the day is closed"))])
    log = f"the day is closed: failed=0,{space}upstream_failed=2"

    assert classify(a_failure(logs=log), rules).finding is not None
