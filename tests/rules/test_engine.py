"""What a diagnosis says, whatever the text."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jobmon.diagnosis import Diagnosis, TaskFailure
from rules.engine import classify
from rules.ruleset import RuleSet, load
from tests.rules.builders import a_failure, a_rule, when

FRAGMENTS = st.sampled_from(
    [
        "Traceback (most recent call last):\n",
        '  File "/Workspace/a.py", line 3, in <module>\n',
        "ValueError: $x ${y} $$",
        "Caused by: java.io.IOException: No space left on device\n",
        "\tat a.b.C.d(E.java:1)\n",
        "[TABLE_OR_VIEW_NOT_FOUND] `a`.`b` SQLSTATE: 42P01\n",
        '{"error": "Traceback\\n',
        "\x1b[31mERROR\x1b[0m ",
        "\ud800",
        "\r\n",
        "\x00",
    ]
)
TEXTS = st.lists(st.one_of(FRAGMENTS, st.text(max_size=40)), max_size=12).map("".join)


@settings(max_examples=60)
@given(error=TEXTS, trace=TEXTS, logs=TEXTS, code=st.sampled_from(["", "X", "DRIVER_ERROR"]))
@example(error="x" * 10_000, trace="\n" * 5_000, logs="", code="")
def test_any_failure_has_a_diagnosis(error: str, trace: str, logs: str, code: str) -> None:
    failure = TaskFailure(task_key="t", error=error, trace=trace, logs=logs, cluster_code=code)

    diagnosis = classify(failure, load())

    assert diagnosis == classify(failure, load())
    assert len(diagnosis.fingerprint) == 16
    assert "\n" not in diagnosis.headline


@settings(max_examples=60)
@given(text=TEXTS)
def test_evidence_is_quoted_from_the_text(text: str) -> None:
    finding = classify(a_failure(f"{text}\nMemoryError: at 0x7f"), load()).finding

    assert finding is not None
    assert any("MemoryError: at 0x7f" in item.text for item in finding.evidence) or finding.evidence


def diagnosed(text: str) -> Diagnosis:
    rule = a_rule(
        "STO900",
        when("message", regex=r"disk (?P<name>\w+) is full"),
        summary=("Disk $name is full.", "A disk is full."),
    )
    return classify(a_failure(text), RuleSet([rule]))


def test_the_summary_is_filled_with_what_was_captured() -> None:
    finding = diagnosed("OSError: disk sda is full").finding

    assert finding is not None
    assert finding.summary == "Disk sda is full."


def test_the_line_that_fired_is_quoted_exactly_with_its_number() -> None:
    finding = diagnosed("starting\n  OSError: disk sda is full  \nstopped").finding

    assert finding is not None
    assert finding.evidence[0].text == "  OSError: disk sda is full  "
    assert finding.evidence[0].line == 2


def test_the_same_cause_has_the_same_fingerprint_tomorrow() -> None:
    today = diagnosed("OSError: disk sda is full after 812 s on 10.0.0.4")
    tomorrow = diagnosed("OSError: disk sda is full after 93 s on 10.0.9.1")
    other = diagnosed("OSError: disk data is full after 93 s on 10.0.9.1")

    assert today.fingerprint == tomorrow.fingerprint != other.fingerprint


def test_unknown_failures_group_by_their_best_line() -> None:
    one, two = diagnosed("strange 17 things"), diagnosed("strange 4 things")

    assert one.fingerprint == two.fingerprint
    assert one.finding is None


def test_where_only_a_new_code_is_known_it_is_what_people_read_and_what_groups() -> None:
    one = classify(TaskFailure(task_key="t", cluster_code="BRAND_NEW_CODE"), load())
    other = classify(TaskFailure(task_key="t", cluster_code="ANOTHER_ONE"), load())

    assert one.headline == "BRAND_NEW_CODE"
    assert one.fingerprint != other.fingerprint


def test_names_in_a_summary_lose_the_quoting_of_sql() -> None:
    rule = a_rule(
        "PY900", when("message", regex="table (?P<table>\\S+) is"), summary=("`$table`!",)
    )

    finding = classify(a_failure("Exception: table `a`.`b` is away"), RuleSet([rule])).finding

    assert finding is not None
    assert finding.summary == "`a.b`!"
    assert dict(finding.entities)["table"] == "`a`.`b`"


def test_each_of_several_names_keeps_its_quoting() -> None:
    message = "AnalysisException: no column `a`; is it one of [`o`.`b`, `o`.`c`]?"
    near = when("message", regex=r"one of \[(?P<suggestion>[^\]]+)\]")
    rule = a_rule("PY900", near, summary=("Is it $suggestion?",))

    finding = classify(a_failure(message), RuleSet([rule])).finding

    assert finding is not None
    assert finding.summary == "Is it `o.b`, `o.c`?"


def test_where_a_frame_tells_what_an_error_is_the_error_is_what_people_read() -> None:
    rule = a_rule("PY900", when("line", contains="acme.old.Reader"))
    failure = a_failure(trace="java.io.IOException\n\tat acme.old.Reader.read(Reader.java:1)")

    diagnosis = classify(failure, RuleSet([rule]))

    assert diagnosis.headline == "java.io.IOException"


def test_a_notebooks_frame_names_the_notebook_and_the_cell() -> None:
    text = "ValueError: no\n<command-12> in <module>\n----> 1 load()\n\nValueError: no"
    rule = a_rule("PY900", when("exception", equals="ValueError"))

    finding = classify(a_failure(text, source="/Shared/load"), RuleSet([rule])).finding

    assert finding is not None
    assert finding.user_frame is not None
    assert finding.user_frame.file == "/Shared/load"
    assert finding.user_frame.cell == "<command-12>"


def test_letters_that_json_escapes_are_read_as_letters() -> None:
    rule = a_rule("PY900", when("line", contains="密码不对"))
    text = json.dumps({"level": "error", "message": "登录: 密码不对"})

    diagnosis = classify(a_failure(text), RuleSet([rule]))

    assert diagnosis.finding is not None
    assert diagnosis.headline == text


@pytest.mark.parametrize("quote", ["&#x27;", "\\u0027", "\\\\u0027"])
def test_character_references_are_read_as_characters(quote: str) -> None:
    rule = a_rule("PY900", when("message", contains="No module named 'polars'"))
    text = f"ModuleNotFoundError: No module named {quote}polars{quote}"

    diagnosis = classify(a_failure(text), RuleSet([rule]))

    assert diagnosis.finding is not None
    assert diagnosis.headline == text


def test_a_message_that_was_wrapped_at_a_width_is_read_as_one_sentence() -> None:
    rule = a_rule("PY900", when("message", contains="has too many arguments specified"))
    text = "ValueError: the procedure that the nightly job calls has too many\narguments specified"

    assert classify(a_failure(text), RuleSet([rule])).finding is not None


SAYS_WHAT_IT_SAYS = ("$exception: $message", "Something was raised.")


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("acme.feeds.FeedError: vendor is late", "FeedError: vendor is late"),
        ("FeedError: costs $5, $message, $$\nand more", "FeedError: costs $5, $message, $$"),
        ("FeedError: <b>`*late*`</b>", "FeedError: <b>`*late*`</b>"),
        (
            "FeedError: these are late:\n  - vendor 7\n  - vendor 9",
            "FeedError: these are late: - vendor 7",
        ),
        ("FeedError: [FEED_LATE] It is late. SQLSTATE: 42K03", "FeedError: It is late."),
        ("FeedError: vendor 7 is late;", "FeedError: vendor 7 is late"),
        ("FeedError: u'vendor 7 is late;'", "FeedError: vendor 7 is late"),
        ("FeedError: u'vendor 7\\'s late", "FeedError: vendor 7's late"),
        ("FeedError: u\"vendor '7' is late\" again", "FeedError: vendor '7' is late again"),
        (f"FeedError: {'late ' * 100}", f"FeedError: {('late ' * 60).rstrip()}…"),
        ("FeedError", "Something was raised."),
    ],
)
def test_a_rule_for_any_message_can_say_what_the_exception_says(text: str, summary: str) -> None:
    rule = a_rule("PY900", when("exception", equals="FeedError"), summary=SAYS_WHAT_IT_SAYS)

    finding = classify(a_failure(text), RuleSet([rule])).finding

    assert finding is not None
    assert finding.summary == summary
