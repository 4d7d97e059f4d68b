"""People are answered at Slack's own addresses, and nowhere else."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from jobmon.demo.slack import PretendSlack
from jobmon.demo.slack.hooks import RESPONSE_URL
from jobmon.demo.slack.team import Hook
from jobmon.errors import CredentialError, DoubtfulError, NotAllowed, PermanentError, TransientError
from jobmon.settings import Secret, SlackSettings
from notifiers.slack.elements import section
from notifiers.slack.limits import MAX_SECTION_TEXT
from notifiers.slack.people import SlackDirectory, SlackReplies, fitting
from notifiers.text import units


@pytest.fixture
def slack() -> Iterator[PretendSlack]:
    with PretendSlack() as pretend:
        yield pretend


def settings(slack: PretendSlack) -> SlackSettings:
    return SlackSettings(bot_token=Secret(slack.token), api_url=slack.url)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/commands/1",
        "https://hooks.slack.com.evil.example/commands/1",
        "https://hooks.slack.com@evil.example/commands/1",
        "https://evil.example/hooks.slack.com",
        "https://hooks.slack.com:8443/commands/1",
        "https://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/hooks/1",
        "file:///etc/passwd",
        "https://[::1",
        "",
    ],
    ids=ascii,
)
@pytest.mark.parametrize("api_url", ["https://slack.com/api/", "https://slack.internal/api/"])
def test_no_other_address_is_answered(url: str, api_url: str) -> None:
    with pytest.raises(NotAllowed):
        SlackReplies(SlackSettings(api_url=api_url)).reply(url, "x")


def test_an_address_named_as_slacks_api_is_no_place_for_answers_unless_it_is_here() -> None:
    elsewhere = SlackSettings(api_url="https://slack.internal/api/")

    with pytest.raises(NotAllowed):
        SlackReplies(elsewhere).reply("https://slack.internal/hooks/1", "x")


def test_an_address_that_has_expired_is_said_so(slack: PretendSlack) -> None:
    with pytest.raises(PermanentError, match="expired"):
        SlackReplies(settings(slack)).reply(slack.url.replace("/api/", "/hooks/H1"), "x")


def hook(slack: PretendSlack) -> str:
    """An address that takes answers."""
    slack.team.hooks["H1"] = Hook(
        channel="C0123456789", user="U0ANA00001", message_ts="", issued_at=slack.team.clock()
    )
    return slack.url.replace("/api/", "/hooks/H1")


def test_blocks_that_slack_refuses_are_left_and_the_text_is_told(slack: PretendSlack) -> None:
    blocks: list[dict[str, object]] = [{"type": "no such block"}]
    SlackReplies(settings(slack)).reply(hook(slack), "in words", blocks=blocks)

    (answer,) = slack.team.ephemerals
    assert (answer.text, answer.blocks) == ("in words", [section("in words")])


def test_an_answer_of_text_alone_is_a_section_in_which_slack_makes_no_links(
    slack: PretendSlack,
) -> None:
    SlackReplies(settings(slack)).reply(hook(slack), "see https://evil.example")

    (answer,) = slack.team.ephemerals
    ((text,),) = ([block["text"] for block in answer.blocks],)
    assert text == {"type": "mrkdwn", "text": "see https://evil.example", "verbatim": True}


def test_a_person_is_told_directly_with_no_links_made_either(slack: PretendSlack) -> None:
    slack.add_user("U0ANA00001", name="Ana")
    SlackReplies(settings(slack)).tell("U0ANA00001", "see https://evil.example")

    (told,) = slack.direct_messages("U0ANA00001")
    assert told.blocks == [section("see https://evil.example")]


def test_a_person_whom_slack_does_not_know_cannot_be_told(slack: PretendSlack) -> None:
    with pytest.raises(PermanentError):
        SlackReplies(settings(slack)).tell("U0NOBODY01", "x")


def test_slacks_waiting_time_is_passed_on_and_nothing_is_posted_before(
    slack: PretendSlack,
) -> None:
    slack.fail_next("rate_limited", method=RESPONSE_URL, retry_after=7)
    blocks: list[dict[str, object]] = [{"type": "divider"}]

    with pytest.raises(TransientError) as raised:
        SlackReplies(settings(slack)).reply(hook(slack), "in words", blocks=blocks)

    assert raised.value.retry_after == timedelta(seconds=7)
    assert not slack.team.ephemerals


def test_a_slack_that_is_not_there_is_said_so() -> None:
    replies = SlackReplies(SlackSettings(api_url="http://127.0.0.1:1/api/"))
    with pytest.raises(TransientError):
        replies.reply("http://127.0.0.1:1/hooks/1", "x")


def test_a_groups_members_are_remembered_for_some_minutes(slack: PretendSlack) -> None:
    now = [0.0]
    directory = SlackDirectory(settings(slack), clock=lambda: now[0])
    slack.add_group("S0ONCALL01", ["U0ANA00001"])
    assert directory.group_members("S0ONCALL01") == {"U0ANA00001"}
    slack.add_group("S0ONCALL01", [])
    assert directory.group_members("S0ONCALL01") == {"U0ANA00001"}
    now[0] = timedelta(minutes=6).total_seconds()

    assert directory.group_members("S0ONCALL01") == frozenset()


def test_what_slack_does_not_let_us_see_is_said_with_the_scope(slack: PretendSlack) -> None:
    slack.fail_next("error", error="missing_scope")
    with pytest.raises(CredentialError, match="scope"):
        SlackDirectory(settings(slack)).email_of("U0ANA00001")


def test_a_long_answer_is_cut_between_lines_and_says_so() -> None:
    line = "&lt;" * 30 + "🔥"
    cut = fitting("\n".join([line] * 100))

    *kept, last = cut.splitlines()
    assert units(cut) <= MAX_SECTION_TEXT
    assert set(kept) == {line}
    assert "more" in last
    assert fitting(line) == line


def test_a_garbled_answer_is_one_of_our_errors() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def garble() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"nonsense\r\n\r\n")

        thread = threading.Thread(target=garble)
        thread.start()
        replies = SlackReplies(SlackSettings(api_url=f"http://127.0.0.1:{port}/api/"))
        with pytest.raises(DoubtfulError):
            replies.reply(f"http://127.0.0.1:{port}/hooks/1", "x")
        thread.join()
