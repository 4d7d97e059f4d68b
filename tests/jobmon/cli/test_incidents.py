"""`jobmon incidents` lists what is open, and what broke."""

import json

from click.testing import CliRunner

from jobmon.cli import main
from jobmon.incident import IncidentState
from jobmon.run import RunId
from jobmon.store.client import Client
from tests.support.digests import an_incident
from tests.support.remembered import remembered


def test_each_incident_has_its_cause_its_state_and_its_run(client: Client, redis_url: str) -> None:
    digest = remembered(client)
    result = CliRunner().invoke(main, ["incidents"], env={"REDIS_URL": redis_url})

    first, facts = result.output.splitlines()
    finding = digest.diagnosis.groups[0].diagnosis.finding
    assert finding is not None
    assert first.startswith(f"❌ {digest.incident.job_name}")
    assert first.endswith(f": {finding.summary.rstrip('.')}")
    assert digest.incident.incident_id in facts
    assert "failing since 20" in facts
    assert facts.endswith(digest.run.url)


def test_for_machines_each_incident_has_its_cause_and_address(
    client: Client, redis_url: str
) -> None:
    digest = remembered(client)
    result = CliRunner().invoke(main, ["incidents", "--json"], env={"REDIS_URL": redis_url})

    (line,) = result.output.splitlines()
    found = json.loads(line)
    assert found["incident_id"] == digest.incident.incident_id
    assert found["url"] == digest.run.url
    assert found["cause"]


def test_for_machines_a_resolved_incident_names_the_run_that_succeeded(
    client: Client, redis_url: str
) -> None:
    resolved = an_incident(state=IncidentState.RESOLVED, resolved_by_run=RunId(884))
    remembered(client, incident=resolved)
    result = CliRunner().invoke(
        main, ["incidents", "--all", "--json"], env={"REDIS_URL": redis_url}
    )

    assert json.loads(result.output)["resolved_by_run"] == 884


def test_a_list_that_is_cut_says_so(client: Client, redis_url: str) -> None:
    for number in range(3):
        incident = an_incident(incident_id=f"inc-{number}", job_key=f"{number}")
        remembered(client, incident=incident)
    result = CliRunner().invoke(main, ["incidents", "--limit", "2"], env={"REDIS_URL": redis_url})

    assert result.output.splitlines()[-1] == "… and 1 more: --limit shows them"


def test_some_letters_and_all_of_them_are_two_wishes(redis_url: str) -> None:
    result = CliRunner().invoke(main, ["replay", "7", "--all"], env={"REDIS_URL": redis_url})

    assert result.exit_code != 0
    assert "not both" in result.stderr


def test_nothing_open_is_said_plainly(client: Client, redis_url: str) -> None:
    result = CliRunner().invoke(main, ["incidents"], env={"REDIS_URL": redis_url})

    assert result.output == "Nothing is open: no job is known to be failing.\n"
