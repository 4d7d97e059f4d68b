"""The buttons below a message, as its state allows; each carries an opaque value only."""

from jobmon.digest import Digest
from jobmon.incident import Incident
from notifiers.slack.elements import Block, button, confirm, menu
from notifiers.slack.limits import MAX_URL
from notifiers.standing import Standing, job_name_of
from notifiers.story import Story
from notifiers.text import counted
from notifiers.wording import RERUN_QUESTIONS

RERUN = "jobmon.rerun"
ACKNOWLEDGE = "jobmon.ack"
MUTE = "jobmon.mute"
UNMUTE = "jobmon.unmute"
DETAILS = "jobmon.details"
OPEN_RUN = "jobmon.open"

MUTE_CHOICES = (("1 hour", "60"), ("24 hours", "1440"), ("Until the cause changes", "changed"))
"""What the menu offers; the second part follows the button value: `incident|version|60`."""


def actions_of(digest: Digest, story: Story) -> Block | None:
    """One row of what can be done now; None where nothing can come back to us."""
    if not digest.actions_enabled:
        return None
    value = value_of(digest.incident)
    elements: list[Block] = []
    match story.standing:
        case Standing.FAILED | Standing.PARTIAL:
            elements += [_rerun(digest), button("Acknowledge", action_id=ACKNOWLEDGE, value=value)]
            elements += [_mute(value)]
        case Standing.ACKNOWLEDGED:
            elements += [_rerun(digest), _mute(value)]
        case Standing.MUTED:
            elements += [_rerun(digest), button("Unmute", action_id=UNMUTE, value=value)]
        case Standing.REPAIRING | Standing.RESOLVED | Standing.MERGED:
            pass
    elements.append(button("Details", action_id=DETAILS, value=value))
    if story.run_url and len(story.run_url) <= MAX_URL:
        elements.append(
            {**button("Open run", action_id=OPEN_RUN, value=value), "url": story.run_url}
        )
    return {"type": "actions", "elements": elements}


def value_of(incident: Incident) -> str:
    """What a click brings back: which incident, and the state of it that was on the screen."""
    return f"{incident.incident_id}|{incident.version}"


def _rerun(digest: Digest) -> Block:
    failed = counted(digest.diagnosis.failed_count, "failed task")
    question = confirm(
        title="Run the failed tasks again?",
        text=f"{failed} of {job_name_of(digest)}, and what depends on them. "
        f"{RERUN_QUESTIONS[digest.diagnosis.rerun]}",
        yes="Rerun failed",
        no="Not now",
    )
    return {
        **button("Rerun failed", action_id=RERUN, value=value_of(digest.incident)),
        "confirm": question,
    }


def _mute(value: str) -> Block:
    options = ((label, f"{value}|{term}") for label, term in MUTE_CHOICES)
    return menu("Mute…", action_id=MUTE, options=options)
