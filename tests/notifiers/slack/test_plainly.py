"""A message that Slack refuses to show as it is still says what matters."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from jobmon.demo.slack.block_checks import check_message
from jobmon.digest import Digest
from jobmon.incident import IncidentState
from notifiers.slack.forms import forms_of
from notifiers.slack.plainly import root_plainly
from tests.support import example_digests as examples
from tests.support.blocks import of_type, shown_text
from tests.support.digests import RUN_URL, a_delivery, a_digest, a_note, an_incident
from tests.support.hostile import a_hostile_digest, hostile_texts, in_every_state

MAX_EDITED_TEXT = 4000
CALLED = a_digest(mentions=("U0ONCALL01", "S0DATATEAM", "channel"))
FORMS = ["full", "without delivery id", "plain sections", "text only"]


@pytest.mark.parametrize(
    "digest", [pytest.param(make(), id=name) for name, make in examples.STATES.items()]
)
def test_slacks_rules_are_kept(digest: Digest) -> None:
    message = root_plainly(digest)

    check_message(message.text, list(message.blocks))
    assert not of_type(message.blocks, "rich_text")


@settings(max_examples=40)
@given(hostile_texts)
def test_no_text_of_strangers_becomes_a_mention_or_a_link(text: str) -> None:
    for digest in in_every_state(a_hostile_digest(text)):
        message = root_plainly(digest)
        check_message(message.text, list(message.blocks))
        assert len(message.text) <= MAX_EDITED_TEXT
        for markup in (message.text, *(m["text"] for m in of_type(message.blocks, "mrkdwn"))):
            assert "<" not in markup


@pytest.mark.parametrize("index", range(4), ids=FORMS)
def test_every_form_says_what_to_do_next_links_the_run_and_calls_whom_the_message_calls(
    index: int,
) -> None:
    form = list(forms_of(a_delivery(digest=CALLED)))[index]
    said = f"{form.message.text} {form.message.blocks}"

    assert "Next: " in said
    assert RUN_URL in said
    assert "U0ONCALL01" in said
    assert "S0DATATEAM" in said
    assert "channel" not in said


@pytest.mark.parametrize("index", range(4), ids=FORMS)
def test_every_form_of_a_note_calls_whom_it_calls(index: int) -> None:
    form = list(forms_of(a_note(digest=CALLED)))[index]

    assert "U0ONCALL01" in f"{form.message.text} {form.message.blocks}"


def test_mentions_are_slacks_markup_in_a_text_without_rich_text() -> None:
    message = root_plainly(CALLED)

    assert message.text.endswith("For <@U0ONCALL01> <!subteam^S0DATATEAM>")
    assert "For <@U0ONCALL01> <!subteam^S0DATATEAM>" in shown_text(message.blocks)


def test_what_is_over_asks_for_nothing() -> None:
    over = replace(CALLED, incident=an_incident(IncidentState.RESOLVED))

    assert "Next: " not in root_plainly(over).text
    assert "U0ONCALL01" not in root_plainly(over).text
