"""Where an incident stands, in the first words and the line below them."""

from datetime import datetime, timedelta

import pytest

from jobmon.digest import Digest
from jobmon.incident import CauseCount, IncidentState, NotifyReason
from jobmon.run import Outcome
from notifiers.console import ROOM
from notifiers.standing import Standing, StandingLine, headline_of, standing_line_of, standing_of
from notifiers.story import story_of, summary_of
from tests.support import example_digests as examples
from tests.support.digests import (
    NOW,
    STARTED,
    a_digest,
    a_run,
    an_incident,
)

LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("digest", "first_words"),
    [
        pytest.param(examples.many_tasks_one_cause(), "❌ nightly_orders failed · prod", id="open"),
        pytest.param(examples.acknowledged(), "👀 nightly_orders failed · prod", id="acknowledged"),
        pytest.param(
            examples.repairing(), "🔁 nightly_orders is being rerun · prod", id="repairing"
        ),
        pytest.param(examples.muted(), "🔇 nightly_orders failed · prod", id="muted"),
        pytest.param(examples.resolved(), "✅ nightly_orders recovered · prod", id="resolved"),
        pytest.param(
            examples.partial_success(),
            "⚠️ nightly_orders succeeded with failures · prod",
            id="partial",
        ),
    ],
)
def test_the_first_words_say_what_happened_to_which_job(digest: Digest, first_words: str) -> None:
    assert summary_of(story_of(digest, room=ROOM)).startswith(first_words)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.TIMED_OUT, "nightly_orders timed out"),
        (Outcome.CANCELLED, "nightly_orders was cancelled"),
        (Outcome.SUCCEEDED, "nightly_orders succeeded, but reported failures"),
        (None, "nightly_orders is failing"),
    ],
)
def test_the_headline_says_how_the_run_ended(outcome: Outcome | None, words: str) -> None:
    digest = a_digest(run=a_run(outcome=outcome, environment=""), environment="")

    assert headline_of(digest) == words


def test_a_mute_that_ran_out_is_not_shown() -> None:
    incident = an_incident(muted_until=NOW - timedelta(minutes=1))

    assert standing_of(a_digest(incident=incident)) is Standing.FAILED


@pytest.mark.parametrize(
    ("until", "until_changed", "line"),
    [
        (LATER, False, "Muted by ana until Wed 25 Nov 03:52 UTC"),
        (None, True, "Muted by ana until the cause changes"),
        (LATER, True, "Muted by ana until Wed 25 Nov 03:52 UTC or until the cause changes"),
    ],
    ids=["for a time", "until the cause changes", "whichever comes first"],
)
def test_a_mute_says_when_it_ends(
    until: datetime | None, line: str, *, until_changed: bool
) -> None:
    incident = an_incident(muted_by="ana", muted_until=until, muted_until_changed=until_changed)

    assert str(standing_line_of(a_digest(incident=incident))) == line


def test_a_rerun_of_a_muted_job_is_shown_as_a_rerun() -> None:
    incident = an_incident(IncidentState.REPAIRING, muted_until=NOW + timedelta(hours=1))

    assert standing_of(a_digest(incident=incident)) is Standing.REPAIRING


def test_a_chronic_failure_reads_differently_from_a_new_one() -> None:
    new, chronic = examples.many_tasks_one_cause(), examples.still_failing()

    assert standing_line_of(new) is None
    assert (
        str(standing_line_of(chronic)) == "Still failing: 3 failed runs since Mon 23 Nov 02:52 UTC"
    )


@pytest.mark.parametrize(
    ("who", "shown"), [("U0ANA00001", "Slack user U0ANA00001"), ("ana@example.com",) * 2]
)
def test_where_no_medium_names_people_an_id_says_whose_it_is(who: str, shown: str) -> None:
    assert str(StandingLine(before="Acknowledged", actor=who)) == f"Acknowledged by {shown}"


def test_a_recovery_says_how_and_after_how_long() -> None:
    assert str(standing_line_of(examples.resolved())) == (
        "Resolved by a rerun after 42 min and 2 failed runs"
    )


def test_a_regression_says_so() -> None:
    digest = a_digest(reason=NotifyReason.REGRESSED)

    assert str(standing_line_of(digest)) == "Failed again after it was resolved"


def test_a_new_cause_outweighs_the_count_of_failures() -> None:
    cause = CauseCount(fingerprint="f", runs=3, first_seen=STARTED, last_seen=NOW)
    digest = a_digest(
        reason=NotifyReason.NEW_CAUSE, incident=an_incident(causes=(cause,), failure_count=3)
    )

    assert str(standing_line_of(digest)) == "The cause is a new one"
