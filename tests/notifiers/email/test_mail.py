import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from jobmon.demo.mailbox.stored_mail import StoredMail
from jobmon.digest import Delivery, Digest
from jobmon.errors import DestinationError
from jobmon.incident import IncidentState, Member
from jobmon.run import RunId
from jobmon.sender import Sender
from notifiers.email.headers import addresses_of, message_id_of, subject_of, thread_id_of
from notifiers.email.message import mail_of
from tests.support import example_digests as examples
from tests.support.digests import (
    NOW,
    RUN_URL,
    a_delivery,
    a_diagnosis,
    a_digest,
    a_failed_run,
    a_finding,
    a_group,
    a_run,
    an_incident,
)
from tests.support.hostile import a_hostile_digest, hostile_digests

TAGS = {"html", "head", "meta", "title", "body", "div", "table", "tr", "td", "b", "br", "a", "code"}
OUTLOOK_IGNORES = ("display:flex", "display:grid", "float:", "position:", "border-radius")


def mailed(delivery: Delivery, *, follow_up: bool = False) -> StoredMail:
    """The mail as it comes out of the wire's bytes."""
    mail = mail_of(
        delivery,
        sender=Sender(address="jobmon@example.com", name="jobmon"),
        recipients=("oncall@example.com",),
        domain="example.com",
        sent_at=NOW,
        follow_up=follow_up,
    )
    raw = mail.as_bytes()
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return StoredMail(sender="", recipients=(), message=message, raw=raw)


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def test_subject_and_thread_stay_the_same_for_a_whole_incident() -> None:
    first = mailed(a_delivery())
    later_run = a_run(run_id=RunId(200))
    resolved = a_digest(incident=an_incident(IncidentState.RESOLVED), run=later_run)
    last = mailed(a_delivery(digest=resolved, delivery_id="dlv-2"), follow_up=True)

    assert first.subject == "[jobmon prod] nightly_orders failed (run 123)"
    assert last.subject == f"Re: {first.subject}"
    assert first.message["References"] == last.message["References"]
    assert first.message["In-Reply-To"] == last.message["References"]
    assert first.message["Message-ID"] != last.message["Message-ID"]


def test_the_subject_names_the_run_that_opened_the_incident() -> None:
    second = a_failed_run(run_id=RunId(456), started_at=NOW)
    digest = a_digest(incident=an_incident(runs=(second, a_failed_run())))

    assert "(run 123)" in subject_of(a_delivery(digest=digest), follow_up=False)


def test_the_subject_stays_when_the_run_that_opened_the_incident_is_forgotten() -> None:
    latest = a_failed_run(run_id=RunId(456), started_at=NOW)
    digest = a_digest(incident=an_incident(opened_by=RunId(123), runs=(latest,)))

    assert "(run 123)" in subject_of(a_delivery(digest=digest), follow_up=False)


def test_an_incident_of_many_jobs_keeps_its_subject_when_jobs_join() -> None:
    def subject(*names: str) -> str:
        members = tuple(Member(incident_id=name, job_name=name) for name in names)
        incident = an_incident(members=members, job_name=f"{len(names)} jobs", runs=())
        return subject_of(a_delivery(digest=a_digest(incident=incident)), follow_up=False)

    assert subject("a", "b") == subject("a", "b", "c")


def test_a_second_attempt_has_the_same_message_id() -> None:
    assert message_id_of("dlv-1", "example.com") == message_id_of("dlv-1", "example.com")
    assert message_id_of("dlv-1", "example.com") != message_id_of("dlv-2", "example.com")


def test_ids_stay_short_enough_for_python_not_to_encode_them() -> None:
    domain = "a-rather-long-mail.domain.example.com"
    mail = mail_of(
        a_delivery(),
        sender=Sender(address=f"jobmon@{domain}"),
        recipients=("oncall@example.com",),
        domain=domain,
        sent_at=NOW,
        follow_up=False,
    )

    assert b"In-Reply-To: " + thread_id_of(a_digest(), domain).encode() in mail.as_bytes()


def test_robots_are_asked_not_to_answer_and_filters_find_something() -> None:
    message = mailed(a_delivery()).message

    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Id"] == "jobmon <jobmon.example.com>"
    assert message["X-Jobmon-State"] == "failed"
    assert message["X-Jobmon-Category"] == "unresolved_column"


def test_the_first_line_says_where_the_incident_stands() -> None:
    firsts = {
        name: mailed(a_delivery(digest=make())).text.splitlines()[0]
        for name, make in examples.STATES.items()
    }

    assert firsts["resolved"] == "✅ nightly_orders recovered · prod"
    assert firsts["open"] == "❌ nightly_orders failed · prod"


def test_names_in_backticks_are_shown_as_code_and_escaped() -> None:
    group = a_group(finding=a_finding(summary="Column `a<b` is gone"))
    mail = mailed(a_delivery(digest=a_digest(diagnosis=a_diagnosis(group))))

    assert ">a&lt;b</code> is gone." in mail.html


def test_the_mail_of_many_jobs_counts_them_once() -> None:
    mail = mailed(a_delivery(digest=examples.platform()))

    assert mail.text.count("40 jobs") == 1
    assert "One cause: The cloud took a spot instance back" in mail.text
    assert "Failing: nightly_orders" in mail.text
    assert "<br></td>" not in mail.html.replace("\n", "")
    assert "><br>" not in mail.html


@settings(max_examples=60)
@given(hostile_digests)
def test_no_text_of_strangers_becomes_a_header(digest: Digest) -> None:
    usual = [name for name, _ in mailed(a_delivery()).message.items()]
    mail = mailed(a_delivery(digest=digest))

    assert [name for name, _ in mail.message.items()] == usual
    assert mail.message["To"] == "oncall@example.com"
    assert "\n" not in mail.subject
    assert mail.message["In-Reply-To"] == thread_id_of(a_digest(), "example.com")


@settings(max_examples=60)
@given(hostile_digests)
def test_no_text_of_strangers_becomes_html_or_a_link(digest: Digest) -> None:
    page = _Page(mailed(a_delivery(digest=digest)).html)

    assert set(page.tags) <= TAGS
    assert page.links == []
    assert not {name for name in page.attributes if name.startswith("on")}


@settings(max_examples=40)
@given(hostile_digests)
def test_the_bytes_on_the_wire_are_plain_ascii_in_short_lines(digest: Digest) -> None:
    raw = mailed(a_delivery(digest=digest)).raw

    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_the_plain_text_keeps_to_its_columns() -> None:
    for make in examples.STATES.values():
        for line in mailed(a_delivery(digest=make())).text.splitlines():
            assert len(line) <= 78 or line.startswith("https://")


def test_the_html_fetches_nothing_and_links_only_the_run() -> None:
    html = mailed(a_delivery()).html
    page = _Page(html)

    assert page.links == [RUN_URL]
    assert "url(" not in html


@pytest.mark.parametrize("style", OUTLOOK_IGNORES)
def test_the_html_uses_no_style_that_classic_outlook_ignores(style: str) -> None:
    for make in examples.STATES.values():
        assert style not in mailed(a_delivery(digest=make())).html


def test_the_html_shows_names_as_code_and_no_backticks() -> None:
    html = mailed(a_delivery(digest=examples.many_tasks_one_cause())).html

    assert ">order_ts</code> does not exist" in html
    assert "`df.printSchema()`" not in html


def test_the_html_has_a_language_a_title_and_a_hidden_summary() -> None:
    html = mailed(a_delivery()).html

    assert '<html lang="en">' in html
    assert "<title>nightly_orders failed · prod</title>" in html
    assert re.search(r'<div style="display:none[^>]*>❌ nightly_orders failed', html)


def test_the_mail_of_a_huge_failure_stays_below_what_gmail_clips() -> None:
    assert len(mailed(a_delivery(digest=a_hostile_digest("界&<" * 2000))).html) < 100_000


@pytest.mark.parametrize(
    "text", ["", "nobody", "a@b@c", "a@b.example\nBcc: x@y.example", "a b@c.d"]
)
def test_an_address_that_is_none_is_named(text: str) -> None:
    with pytest.raises(DestinationError):
        addresses_of(text)


def test_addresses_are_a_comma_separated_list() -> None:
    assert addresses_of("a@x.example, b@y.example") == ("a@x.example", "b@y.example")


@pytest.mark.parametrize(
    "name", ["=?utf-8?q?x=0D=0ABcc:_all=40evil.example?=", "=?utf-8?q?=E2=80=AEgnp?="], ids=ascii
)
def test_a_name_that_looks_like_an_encoded_word_is_not_decoded(name: str) -> None:
    mail = mailed(a_delivery(digest=a_digest(incident=an_incident(job_name=name)))).message

    assert "Bcc" not in mail
    for header in ("Subject", "X-Jobmon-Job"):
        assert name.replace("=?", "= ?") in str(mail[header])


def test_an_environment_that_is_unknown_is_left_out_of_the_subject() -> None:
    digest = replace(a_digest(run=a_run(environment="")), environment="")

    assert subject_of(a_delivery(digest=digest), follow_up=False).startswith("[jobmon] ")


def test_what_a_mail_has_no_room_for_is_counted_with_its_noun() -> None:
    groups = [a_group(fingerprint=f"f{number}", excerpt=("x",) * 14) for number in range(40)]
    mail = mailed(a_delivery(digest=a_digest(diagnosis=a_diagnosis(*groups))))

    for body in (mail.text, mail.html):
        assert "And 30 more causes." in body
        assert "… 2 more lines" in body
