"""Incidents as a list: what to look at first is on top."""

import re
from datetime import timedelta
from typing import Any

import pytest

from jobmon.demo.slack.block_checks import check_message
from jobmon.digest import Digest
from jobmon.incident import Incident, IncidentState, Member
from jobmon.severity import Severity
from notifiers.overview import Entry, entry_of, overview
from notifiers.slack.blocks import size_of
from notifiers.slack.limits import BLOCKS_BUDGET
from notifiers.slack.listing import MAX_LISTED, incident_lines, incident_list
from tests.support.digests import NOW, a_diagnosis, a_digest, an_incident
from tests.support.example_digests import unreadable
from tests.support.hostile import ATTACKS, a_hostile_digest, in_every_state

Known = tuple[Incident, Digest | None]
HOUR = timedelta(hours=1)


def known(number: int, *, hours: int = 1, severity: Severity | None = None, **fields: Any) -> Known:
    incident = an_incident(
        incident_id=f"inc-{number}",
        job_key=f"{number}",
        job_name=f"job_{number}",
        opened_at=NOW - hours * HOUR,
        **fields,
    )
    return incident, a_digest(incident=incident, severity=severity)


def order(*found: Known) -> list[str]:
    return [entry.incident_id for entry in overview(found, now=NOW)]


def test_first_what_nobody_looks_after_then_the_severest_then_the_oldest() -> None:
    assert order(
        known(1, hours=9, state=IncidentState.RESOLVED),
        known(2, hours=9, severity=Severity.CRITICAL, state=IncidentState.ACKNOWLEDGED),
        known(3, hours=9, severity=Severity.CRITICAL, muted_until=NOW + HOUR),
        known(4, hours=1),
        known(5, hours=2),
        known(6, hours=9, severity=Severity.INFO),
        known(7, hours=1, severity=Severity.CRITICAL),
    ) == ["inc-7", "inc-5", "inc-4", "inc-6", "inc-2", "inc-3", "inc-1"]


def test_jobs_that_a_platform_incident_tells_of_are_in_its_line() -> None:
    members = tuple(Member(incident_id=f"inc-{n}", job_name=f"job_{n}") for n in range(2, 6))
    platform = known(1, members=members)
    entries = overview(
        [
            platform,
            *(known(number, platform_key="1") for number in range(2, 6)),
            known(6, platform_key="another"),
        ],
        now=NOW,
    )

    assert [entry.incident_id for entry in entries] == ["inc-1", "inc-6"]
    assert entries[0].name == "4 jobs (job_2, job_3, job_4 and 1 more)"
    assert not entries[0].run_url


def test_everything_that_people_did_about_it_is_said() -> None:
    incident, digest = known(
        1,
        state=IncidentState.REPAIRING,
        acknowledged_by="U0ANA00001",
        repairing_by="U0BO000002",
        muted_by="eve",
        muted_until=NOW + HOUR,
        failure_count=3,
    )
    lines = incident_lines(entry_of(incident, digest, now=NOW))

    assert "failing since <!date^" in lines
    assert "3 failed runs" in lines
    assert "acknowledged by <@U0ANA00001> · being rerun by <@U0BO000002> · muted by eve" in lines
    assert digest is not None
    assert f"<{digest.run.url}|Run {digest.run.run_id}>" in lines


def test_an_incident_without_its_digest_is_still_listed() -> None:
    incident, _ = known(1)

    (entry,) = overview([(incident, None)], now=NOW)
    assert "job_1" in incident_lines(entry)
    assert entry.cause == ""


def test_a_run_that_could_not_be_read_says_why_where_its_cause_would_stand() -> None:
    digest = unreadable()

    cause = entry_of(digest.incident, digest, now=NOW).cause
    assert cause == digest.diagnosis.notes[0]
    assert "The run could not be read: jobmon may not see run 123" in cause


def test_a_cause_that_is_known_is_listed_without_notes() -> None:
    digest = a_digest(diagnosis=a_diagnosis(notes=("One output could not be read",)))

    assert "could not be read" not in entry_of(digest.incident, digest, now=NOW).cause


def many(count: int, name: str = "job") -> tuple[Entry, ...]:
    found = (known(number) for number in range(count))
    return tuple(
        entry_of(an_incident(incident_id=item.incident_id, job_name=name), digest, now=NOW)
        for item, digest in found
    )


def test_a_long_list_is_bounded_and_says_how_much_is_left() -> None:
    message = incident_list(many(40), further=["the last line"])

    check_message(message.text, list(message.blocks))
    shown = message.text.count("failing since")
    assert 5 <= shown <= MAX_LISTED
    assert size_of(message.blocks) <= BLOCKS_BUDGET
    assert f"and {40 - shown} more incidents" in message.text
    assert message.text.endswith("the last line")


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_no_text_of_strangers_becomes_a_mention_or_a_link_in_a_list(attack: str) -> None:
    entries = [
        entry_of(digest.incident, digest, now=NOW)
        for digest in in_every_state(a_hostile_digest(attack))
    ]

    for lines in map(incident_lines, entries):
        assert not re.search("<(?!!date)", lines)
        assert not set(lines) & set("\x00\x07\x1b\u202e\u2066\u200b\ufeff")


def test_names_of_strangers_are_no_markup_and_cannot_fill_the_list() -> None:
    message = incident_list(many(15, name="<!channel> & " + "猫" * 500))

    check_message(message.text, list(message.blocks))
    assert "<!channel>" not in str(message.blocks)
    assert size_of(message.blocks) <= BLOCKS_BUDGET
    assert "failing since" in message.text
