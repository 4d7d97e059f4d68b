"""What IPython and notebooks make of a Python error."""

import pytest

from jobmon.diagnosis import ErrorReport
from rules.causes import parse_text


def read(text: str) -> ErrorReport:
    return parse_text(text, field="trace")


def test_colours_that_an_export_wrote_as_html_are_read_over_and_quoted() -> None:
    line = '<span class="ansi-red-fg">AttributeError</span>: namespace'
    report = read(line)

    assert report.headline == line
    assert report.root is not None
    assert (report.root.type, report.root.message) == ("AttributeError", "namespace")


def test_what_ipython_fails_with_while_it_shows_an_error_is_not_the_error() -> None:
    report = read(
        "AnalysisException: Column 'age' does not exist\n"
        "\n"
        "During handling of the above exception, another exception occurred:\n"
        "\n"
        "TypeError: AutoFormattedTB.structured_traceback() missing 1 required positional argument:"
        " 'evalue'\n"
    )

    assert report.headline == "AnalysisException: Column 'age' does not exist"


@pytest.mark.parametrize("text", ["[0;31mKeyError[0m: 'region'", "[91mKeyError: 'region'"])
def test_colour_codes_without_their_escape_character_are_seen_through(text: str) -> None:

    report = read(text)

    assert report.root is not None
    assert report.root.type == "KeyError"
    assert report.headline == text


def test_a_notebook_trace_that_breaks_off_names_its_type_and_condition() -> None:
    report = read(
        "------------------------------------------------------\n"
        "PySparkAttributeError             Traceback (most recent call last)\n"
        "File /databricks/spark/python/pyspark/sql/connect/session.py:772, in __getattr__(self)\n"
        "--> 772         raise PySparkAttributeError(\n"
        '    773             error_class="JVM_ATTRIBUTE_NOT_SUPPORTED", message_parameters={}\n'
    )

    assert report.root is not None
    assert report.root.type == "PySparkAttributeError"
    assert report.root.error_condition == "JVM_ATTRIBUTE_NOT_SUPPORTED"
    assert 'error_class="JVM_ATTRIBUTE_NOT_SUPPORTED"' in report.headline
