"""Runs, incidents and causes as lines of Slack's mrkdwn."""

from collections.abc import Iterator

from jobmon.cause_group import CauseGroup, RunDiagnosis
from jobmon.incident import Incident
from jobmon.run import Run
from notifiers.slack.mrkdwn import escape, link, local_time, person, quoted, safe
from notifiers.story import Room, cause_story_of, safe_link
from notifiers.text import counted
from notifiers.wording import cause_in_short

MAX_NAME = 100
MAX_TEXT = 300
ROOM = Room(causes=8, excerpt_lines=4, line=200, sentence=300)
MAX_QUOTED = ROOM.excerpt_lines * (ROOM.line + 1)


def run_line(run: Run) -> str:
    """One run: what it is, how it ended, when it began."""
    outcome = (run.outcome or "running").replace("_", " ")
    name = safe(run.job_name or "run", MAX_NAME)
    number = f"{run.run_id}"
    if url := safe_link(run.url):
        number = link(url, number)
    when = f", started {local_time(run.started_at)}" if run.started_at else ""
    return f"{name} {number}: *{outcome}*{when}"


def incident_line(incident: Incident, diagnosis: RunDiagnosis | None = None) -> str:
    """One incident: its job, its state, since when, how often, and what broke."""
    name = safe(incident.job_name or incident.job_key, MAX_NAME)
    times = f", failed {incident.failure_count} times" if incident.failure_count > 1 else ""
    by = f" by {person(incident.acknowledged_by)}" if incident.acknowledged_by else ""
    cause = safe(cause_in_short(diagnosis), MAX_TEXT) if diagnosis else ""
    return (
        f"{name}: *{incident.state}*{by} since {local_time(incident.opened_at)}{times} "
        f"(`{incident.incident_id}`){': ' if cause else ''}{cause}"
    )


def causes_in_words(diagnosis: RunDiagnosis) -> Iterator[str]:
    """The story of each cause, the largest first, then what could not be read."""
    for group in diagnosis.groups[: ROOM.causes]:
        yield from _cause(group)
    more = len(diagnosis.groups) - ROOM.causes
    if more > 0:
        yield f"• and {counted(more, 'more cause')}"
    for note in diagnosis.notes:
        yield f"• {safe(note, MAX_TEXT)}"


def _cause(group: CauseGroup) -> Iterator[str]:
    story = cause_story_of(group, room=ROOM)
    yield f"• *{escape(story.count)}:* {escape(story.sentence)}"
    for line in (story.place, " · ".join(filter(None, (story.kind, story.names, *story.notes)))):
        if line:
            yield escape(line)
    if story.excerpt:
        yield quoted("\n".join(story.excerpt), MAX_QUOTED)
    remedy = f"Next: {escape(story.remedy)} " if story.remedy else ""
    yield f"{remedy}{story.rerun}"
