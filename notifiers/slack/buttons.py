"""The buttons below a message, as its state allows; each carries an opaque value only."""

from dataclasses import replace

from jobmon.action import ActionKind
from jobmon.button import OPEN_RUN, ButtonValue, action_id_of
from jobmon.digest import Digest
from notifiers.slack.elements import Block, button, confirm, menu
from notifiers.slack.limits import MAX_URL
from notifiers.standing import Standing, job_name_of
from notifiers.story import Story
from notifiers.text import counted
from notifiers.wording import RERUN_QUESTIONS

MUTE_CHOICES = (("1 hour", 60), ("24 hours", 24 * 60), ("Until the cause changes", None))
"""What the menu offers, with its minutes."""


def actions_of(digest: Digest, story: Story) -> Block | None:
    """One row of what can be done now; None where nothing can come back to us."""
    if not digest.actions_enabled:
        return None
    value = _value(digest)
    # A rerun is of one run: many jobs are rerun each by itself.
    rerun = [] if digest.incident.members else [_rerun(digest)]
    elements: list[Block] = []
    match story.standing:
        case Standing.FAILED | Standing.PARTIAL:
            acknowledge = _button("Acknowledge", ActionKind.ACKNOWLEDGE, value)
            elements += [*rerun, acknowledge, _mute(value)]
        case Standing.ACKNOWLEDGED:
            elements += [*rerun, _mute(value)]
        case Standing.MUTED:
            elements += [*rerun, _button("Unmute", ActionKind.UNMUTE, value)]
        case Standing.REPAIRING | Standing.RESOLVED | Standing.MERGED:
            pass
    elements.append(_button("Details", ActionKind.DETAILS, value))
    if story.run_url and len(story.run_url) <= MAX_URL:
        elements.append(
            {**button("Open run", action_id=OPEN_RUN, value=str(value)), "url": story.run_url}
        )
    return {"type": "actions", "elements": elements}


def _value(digest: Digest) -> ButtonValue:
    return ButtonValue(incident_id=digest.incident.incident_id, version=digest.incident.version)


def _button(label: str, kind: ActionKind, value: ButtonValue) -> Block:
    return button(label, action_id=action_id_of(kind), value=str(value))


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
        **_button("Rerun failed", ActionKind.RERUN, _value(digest)),
        "confirm": question,
    }


def _mute(value: ButtonValue) -> Block:
    options = (
        (label, str(replace(value, minutes=minutes, until_changed=minutes is None)))
        for label, minutes in MUTE_CHOICES
    )
    return menu("Mute…", action_id=action_id_of(ActionKind.MUTE), options=options)
