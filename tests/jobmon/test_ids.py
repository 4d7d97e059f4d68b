"""Which texts name an id of Databricks."""

import pytest

from jobmon.ids import id_in, run_named, workspace_named


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("501", 501),
        ("1234567890123456789", 1234567890123456789),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None),
        ("12345678901234567890", None),
        ("9" * 5000, None),
        ("0", None),
        ("-1", None),
        ("٣", None),
        ("", None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_an_id_has_64_bits(text: str, number: int | None) -> None:
    assert id_in(text) == number


@pytest.mark.parametrize(
    ("page", "workspace"),
    [
        ("https://adb-1.azuredatabricks.net/jobs/1/runs/5?o=7474651234567890", 7474651234567890),
        ("https://dbc-1.cloud.databricks.com/jobs/1/runs/5", None),
        ("https://dbc-1.cloud.databricks.com/?o=7#job/1/run/5", 7),
        ("<https://dbc-1.cloud.databricks.com/jobs/1/runs/5?o=7>", 7),
        ("<https://dbc-1.cloud.databricks.com/jobs/1/runs/5|dbc-1.cloud.databricks.com/r/5>", None),
    ],
)
def test_a_runs_page_names_the_run_and_mostly_its_workspace(
    page: str, workspace: int | None
) -> None:
    assert (run_named(page), workspace_named(page)) == ("5", workspace)


@pytest.mark.parametrize(
    "text",
    ["5", "", "nightly/runs/5", "https://a.example.com/jobs/5", "see https://a.example.com/runs/5"],
)
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert (run_named(text), workspace_named(text)) == (text, None)
