"""How severe a failure is: by the settings, by the job's tag, else by what is known of the run."""

from typing import Any

import pytest

from jobmon.conditions import facts_of
from jobmon.run import Outcome
from jobmon.settings import Settings, SeverityRule, WorkspaceSettings
from jobmon.severity import Severity, usual_severity
from tests.support.runs import a_diagnosis, a_run

CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO


@pytest.mark.parametrize(
    ("outcome", "environment", "severity"),
    [
        (Outcome.FAILED, "prod", CRITICAL),
        (Outcome.TIMED_OUT, "Production", CRITICAL),
        (None, "live", CRITICAL),
        (Outcome.FAILED, "dev", WARNING),
        (Outcome.FAILED, "preprod", WARNING),
        (Outcome.FAILED, "", WARNING),
        (Outcome.SUCCEEDED_WITH_FAILURES, "prod", WARNING),
        (Outcome.SUCCEEDED, "prod", WARNING),
        (Outcome.CANCELLED, "prod", WARNING),
        (Outcome.SUCCEEDED_WITH_FAILURES, "dev", INFO),
        (Outcome.SKIPPED, "", INFO),
    ],
)
def test_the_environment_and_the_end_of_the_run_say_how_severe(
    outcome: Outcome | None, environment: str, severity: Severity
) -> None:
    assert usual_severity(outcome, environment) is severity


def severity(
    *rules: SeverityRule, workspace_is: str = "", workspace_id: int | None = 1, **fields: Any
) -> Severity:
    workspace = WorkspaceSettings(name="main", workspace_id=workspace_id, environment=workspace_is)
    settings = Settings(severities=rules, workspaces=(workspace,))
    return facts_of(settings, a_run(1, **fields), a_diagnosis("oom")).severity


def test_the_workspaces_environment_counts_before_the_runs_own() -> None:
    assert severity(workspace_is="prod") is CRITICAL
    assert severity(workspace_is="dev", environment="prod") is WARNING
    assert severity(workspace_is="", environment="prod") is CRITICAL


def test_the_environment_of_the_only_workspace_counts_whether_or_not_its_id_is_written() -> None:
    for workspace_id in (1, None):
        found = severity(workspace_is="prod", workspace_id=workspace_id, environment="dev")
        assert found is CRITICAL


def test_the_environment_of_another_workspace_does_not_count() -> None:
    assert severity(workspace_is="prod", workspace_id=2, environment="dev") is WARNING


def test_the_jobs_own_tag_says_more_than_its_environment() -> None:
    assert severity(workspace_is="prod", tags=(("severity", "Info"),)) is INFO
    assert severity(workspace_is="prod", tags=(("severity", "sev1"),)) is CRITICAL


def test_the_first_table_that_matches_says_more_than_the_tag() -> None:
    rules = (
        SeverityRule(level=INFO, jobs=("sandbox_*",)),
        SeverityRule(level=CRITICAL, owners=("ana@*",)),
        SeverityRule(level=INFO),
    )

    assert severity(*rules, creator="ana@example.com", tags=(("severity", "info"),)) is CRITICAL
    assert severity(*rules, creator="bo@example.com") is INFO


def test_a_category_can_make_it_severe() -> None:
    rule = SeverityRule(level=CRITICAL, categories=("unknown",))

    assert severity(rule) is CRITICAL
    assert severity(SeverityRule(level=CRITICAL, categories=("timeout",))) is WARNING
