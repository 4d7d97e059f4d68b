"""Which one line is quoted of a failure."""

import pytest

from rules.engine import classify
from rules.ruleset import RuleSet
from tests.rules.builders import a_failure, a_rule, when

CODES = {
    "a list of names": (
        "code: LEDGER_CLOSED\ndetails:\n",
        "  message: the ledger is closed for May",
    ),
    "a code of some kind": ("StatusCode: LEDGER_CLOSED\n", "Message: The ledger is closed for May"),
    "XML": ("<Code>LEDGER_CLOSED</Code>\n", "<Message>The ledger is closed for May</Message>"),
    "the message first": ("", "Message: the ledger is closed for May\nError code: LEDGER_CLOSED"),
}


def the_headline(text: str, knows: str = "ledger is closed") -> str:
    rule = a_rule("PY900", when("line", contains=knows))
    return classify(a_failure(text), RuleSet([rule])).headline


def test_the_line_that_a_rule_knows_is_quoted_where_a_message_begins_with_less() -> None:
    text = "FeedError: (1304): 01c18965-0c0e:\nthe ledger is closed for May\n"

    assert the_headline(text) == "the ledger is closed for May"


def test_a_message_whose_first_line_tells_what_is_wrong_is_quoted_from_there() -> None:
    text = "FeedError: feed 7 does not exist\nor the ledger is closed for May\n"

    assert the_headline(text) == "FeedError: feed 7 does not exist"


def test_of_a_status_and_what_is_said_of_it_below_that_is_quoted() -> None:
    text = "TooManyRequests: 429 Too Many Requests\nthe ledger is closed for May\n"

    assert the_headline(text) == "the ledger is closed for May"


@pytest.mark.parametrize(("before", "message"), CODES.values(), ids=list(CODES))
def test_of_a_code_and_its_message_the_message_is_quoted(before: str, message: str) -> None:
    assert the_headline(before + message, knows="LEDGER_CLOSED") == message.partition("\n")[0]


def test_a_code_with_no_message_near_it_is_quoted_itself() -> None:
    text = "code: LEDGER_CLOSED\n" + "reading\n" * 20 + "message: all rows were read\n"

    assert the_headline(text, knows="LEDGER_CLOSED") == "code: LEDGER_CLOSED"
