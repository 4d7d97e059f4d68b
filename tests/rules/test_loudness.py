"""What was warned of before a failure does not explain it."""

from jobmon.diagnosis import Category
from rules.engine import classify
from rules.ruleset import load
from tests.rules.builders import a_failure

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
