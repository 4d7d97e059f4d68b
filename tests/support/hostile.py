"""Text that strangers might write, and digests full of it."""

from dataclasses import replace

from hypothesis import strategies as st

from jobmon.digest import Digest
from jobmon.incident import IncidentState, NotifyReason
from notifiers.slack.mrkdwn import is_mentionable
from tests.support.digests import (
    a_diagnosis,
    a_digest,
    a_finding,
    a_frame,
    a_group,
    a_run,
    an_incident,
    an_unknown_group,
)

ATTACKS = (
    "<!channel> <!here> <!everyone> <@U0123456789> <!subteam^S0123456789> <#C0123456789>",
    "<https://evil.example|Open run> https://evil.example/steal",
    "*bold* _it_ ~no~ `code` ```fence``` > quote :bomb:",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "abc\u202egnp.exe\u2066 \u200bzero\ufeff",
    "job\r\nBcc: everyone@example.com\r\n\r\n<b>body</b>",
    "=?utf-8?q?job=0D=0ABcc:_everyone=40example.com?=",
    "line\u2028separator\u2029and\x00nul\x85next",
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>",
    "{{ 7*7 }} {% raw %} ${env}",
    "[red]markup[/red] [link=https://evil.example]x[/link]",
    "😀" * 400,
    "<" * 5000,
    'ß&<>"' * 3000,
    "\ud800 lone surrogate",
    "",
    "   \n\t  ",
)

hostile_texts = st.one_of(
    st.sampled_from(ATTACKS),
    st.text(max_size=300),
    st.tuples(st.sampled_from(ATTACKS), st.text(max_size=50)).map("".join),
).filter(lambda text: not is_mentionable(text))
"""Anything but an id of Slack's: where a setting names one, it is meant as a mention."""

hostile_digests = st.deferred(
    lambda: hostile_texts.map(a_hostile_digest).map(in_every_state).flatmap(st.sampled_from)
)
"""Such a text wherever one can be, in one of an incident's states."""


def a_hostile_digest(text: str) -> Digest:
    """Somebody else's text wherever somebody else's text can be."""
    finding = a_finding(
        summary=text, remedy=text, why=text, user_frame=a_frame(file=text, cell=text)
    )
    group = a_group(
        finding=finding, tasks=[text, "b", "c"], excerpt=(text,) * 8, note=text, origin=text
    )
    others = [an_unknown_group(headline=text, tasks=[text])] * 9
    incident = an_incident(
        IncidentState.ACKNOWLEDGED,
        job_name=text,
        acknowledged_by=text,
        repairing_by=text,
        muted_by=text,
    )
    return a_digest(
        incident=incident,
        run=replace(a_run(), job_name=text, environment=text, url=text, git_commit=text),
        diagnosis=a_diagnosis(group, *others, notes=(text,) * 3),
        reason=NotifyReason.ACKNOWLEDGED,
        history=text,
        owner=text,
        environment=text,
        mentions=(text,),
    )


def in_every_state(digest: Digest) -> tuple[Digest, ...]:
    """The same digest for each state of its incident, also where it goes on in another's message.

    The other incident is of a job with the same name.
    """
    incident = digest.incident
    states = tuple(
        replace(incident, state=state, muted_until=muted)
        for state in IncidentState
        for muted in (None, digest.at.replace(year=2030))
    )
    merged = replace(incident, merged_into=incident.job_name)
    return tuple(replace(digest, incident=as_it_is) for as_it_is in (*states, merged))
