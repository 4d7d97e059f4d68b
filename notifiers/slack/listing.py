"""Incidents as a list in Slack: two lines each, as many as fit, the rest counted."""

from collections.abc import Iterable, Sequence

from notifiers.overview import Entry
from notifiers.slack.blocks import SlackMessage, size_of
from notifiers.slack.elements import section
from notifiers.slack.limits import BLOCKS_BUDGET
from notifiers.slack.mrkdwn import escape, link, local_time, standing_line
from notifiers.text import counted

MAX_LISTED = 15


def incident_list(entries: Sequence[Entry], *, further: Iterable[str] = ()) -> SlackMessage:
    """The first of the entries, and below them further lines of mrkdwn."""
    further = tuple(further)
    for shown in range(min(len(entries), MAX_LISTED), -1, -1):
        rest = len(entries) - shown
        more = f"and {counted(rest, 'more incident')}; `jobmon incidents` on the command line"
        paragraphs = [incident_lines(entry) for entry in entries[:shown]]
        paragraphs += [f"{more} lists all"] if rest else []
        paragraphs += further
        blocks = tuple(section(text) for text in paragraphs)
        if size_of(blocks) <= BLOCKS_BUDGET:
            break
    return SlackMessage(text="\n".join(paragraphs), blocks=blocks)


def incident_lines(entry: Entry) -> str:
    """One incident: its job and what broke; then since when, who is on it, and where to look."""
    cause = f": {escape(entry.cause)}" if entry.cause else ""
    facts = (
        f"{entry.began} {local_time(entry.since)}",
        entry.failures,
        *map(standing_line, entry.states),
        link(entry.run_url, entry.run) if entry.run_url else "",
        f"`{entry.incident_id}`",
    )
    told = " · ".join(fact for fact in facts if fact)
    return f"{entry.sign} *{escape(entry.name)}*{cause}\n{told}"
