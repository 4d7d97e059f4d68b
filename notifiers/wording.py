"""The sentences every medium uses, as plain text: untrusted parts are clean but not escaped."""

from collections.abc import Mapping

from jobmon.cause_group import CauseGroup, RunDiagnosis
from jobmon.diagnosis import Category, Confidence, Frame, Rerun
from jobmon.digest import Digest
from notifiers.category_words import CATEGORY_WORDS
from notifiers.standing import ACTED_ON, failures_of, standing_of
from notifiers.text import counted, listed, one_line, shorten
from notifiers.times import how_long

MAX_TASK_KEY = 60
MAX_FILE = 120
MAX_SHORT_FACT = 160
SHORT_COMMIT = 8
MAX_HISTORY = 400
MAX_NOTE = 300
MAX_NOTES = 10

CONFIDENCE_WORDS: Mapping[Confidence, str] = {
    Confidence.HIGH: "high confidence",
    Confidence.MEDIUM: "medium confidence",
    Confidence.LOW: "low confidence",
}

RERUN_WORDS: Mapping[Rerun, str] = {
    Rerun.LIKELY_TO_HELP: "A rerun is likely to help.",
    Rerun.UNLIKELY_TO_HELP: "A rerun won't help until this is fixed.",
    Rerun.UNKNOWN: "Whether a rerun helps is not known.",
}

RERUN_QUESTIONS: Mapping[Rerun, str] = {
    Rerun.LIKELY_TO_HELP: "The cause looks passing: a rerun is likely to help.",
    Rerun.UNLIKELY_TO_HELP: (
        "The rules say a rerun won't help until the cause is fixed. Rerun only if it has been."
    ),
    Rerun.UNKNOWN: "The rules don't know whether a rerun helps.",
}

NOT_RECOGNISED = "not recognised"


def count_of(group: CauseGroup) -> str:
    """`load_orders`, `24 tasks`, `score (12 times)`: who, as short as can be."""
    names = _names(group)
    if group.count > 1 and len(names) != 1:
        return counted(group.count, "task")
    if not names:
        return "1 task"
    return names[0] if group.count == 1 else f"{names[0]} ({group.count:,} times)"


def names_of(group: CauseGroup) -> str:
    """`load_a, load_b, load_c and 21 more`; nothing when `count_of` names the only one."""
    names = _names(group)
    return listed(names, total=max(group.count, len(names))) if len(names) > 1 else ""


def sentence_of(group: CauseGroup) -> str:
    """The cause in one sentence, or openly that it is not known."""
    finding = group.diagnosis.finding
    if finding is None or finding.category is Category.UNKNOWN:
        return NOT_RECOGNISED
    sentence = one_line(finding.summary) or CATEGORY_WORDS[finding.category]
    return sentence if sentence.endswith((".", "!", "?")) else sentence + "."


def headline_or_sentence(group: CauseGroup) -> str:
    """The cause in one sentence; of one that is not known its decisive line."""
    sentence = sentence_of(group)
    return one_line(group.diagnosis.headline) if sentence == NOT_RECOGNISED else sentence


def cause_in_short(diagnosis: RunDiagnosis) -> str:
    """`Table prod.orders is gone, and 2 more causes`: for a line that is about something else.

    Where no cause is known, the reason for that, if there is one.
    """
    if not diagnosis.groups:
        reason = "".join(map(one_line, diagnosis.notes[:1]))
        return shorten(reason.rstrip("."), MAX_SHORT_FACT)
    largest, *others = diagnosis.groups
    short = shorten(headline_or_sentence(largest).rstrip("."), MAX_SHORT_FACT)
    return f"{short}, and {counted(len(others), 'more cause')}" if others else short


def kind_of(group: CauseGroup) -> str:
    """`Column not found · high confidence`; nothing for what no rule knows."""
    finding = group.diagnosis.finding
    if finding is None or finding.category is Category.UNKNOWN:
        return ""
    return f"{CATEGORY_WORDS[finding.category]} · {CONFIDENCE_WORDS[finding.confidence]}"


def place_of(frame: Frame) -> str:
    """`In notebook etl/load, cell 3, line 12`: the deepest line of the user's own code."""
    is_notebook = bool(frame.cell) or "." not in frame.file.rpartition("/")[2]
    # `<command-123>` is the notebook's own id of a cell, which no page shows to people.
    if frame.file.startswith("<command-"):
        parts = ["In a cell of the notebook"]
    else:
        kind = "notebook" if is_notebook else "file"
        parts = [f"In {kind} {_tail(one_line(frame.file), MAX_FILE)}"]
    if frame.cell and not frame.cell.startswith("<"):
        parts.append(f"cell {shorten(one_line(frame.cell), 20)}")
    if frame.line is not None:
        parts.append(f"line {frame.line}")
    return ", ".join(parts)


def counts_of(digest: Digest) -> tuple[str, ...]:
    """How much of the run failed, never ran or is still being read; how often, while acted on."""
    if digest.incident.members:
        return ()  # The headline counts jobs; no one run is meant.
    diagnosis = digest.diagnosis
    failed, down = diagnosis.failed_count, diagnosis.downstream_count
    facts = []
    if failed:
        count = digest.task_count
        total = f" of {count:,}" if count >= max(failed + down, 2) else ""
        noun = "task" if failed == 1 and not total else "tasks"
        facts.append(f"{failed:,}{total} {noun} failed")
    if down:
        facts.append(f"{down:,} skipped downstream")
    if diagnosis.pending_count:
        facts.append(f"{diagnosis.pending_count:,} more still being read")
    if standing_of(digest) in ACTED_ON:
        facts.append(failures_of(digest.incident))
    return tuple(filter(None, facts))


def duration_of(digest: Digest) -> str:
    """`ran 12 min`, or `running for 12 min`."""
    run = digest.run
    if run.started_at is None or digest.incident.members:
        return ""
    if run.ended_at is not None:
        return f"ran {how_long(run.ended_at - run.started_at)}"
    return f"running for {how_long(digest.at - run.started_at)}" if run.outcome is None else ""


def tries_of(digest: Digest) -> tuple[str, ...]:
    """Attempts and repairs, where there were any."""
    run = digest.run
    attempts = 1 + max((task.attempt_number for task in run.failed_tasks), default=0)
    facts = []
    if attempts > 1:
        facts.append(f"after {attempts} attempts")
    if run.repairs:
        facts.append(f"after {counted(run.repairs, 'repair')}")
    return tuple(facts)


def background_of(digest: Digest) -> tuple[str, ...]:
    """Owner, history and what else is worth knowing; may hold untrusted text."""
    facts = [shorten(one_line(f"Owner: {digest.owner}"), MAX_SHORT_FACT)] if digest.owner else []
    facts += [shorten(one_line(digest.history), MAX_HISTORY)]
    # One job's incident is named by the job; what is many jobs' has no other name to type.
    facts += [f"Incident {digest.incident.incident_id}"] if digest.incident.members else []
    facts += [f"Severity: {digest.severity}"] if digest.severity else []
    notes = digest.diagnosis.notes[:3] if digest.diagnosis.groups else ()
    facts += [shorten(one_line(note), MAX_NOTE) for note in notes]
    if digest.run.git_commit and digest.run.git_commit[:SHORT_COMMIT] not in digest.history:
        facts.append(f"Commit {one_line(digest.run.git_commit)[:12]}")
    if digest.found_by_sweep:
        facts.append("No webhook came: jobmon found it by looking itself")
    return tuple(fact for fact in facts if fact)


def instead_of_causes(digest: Digest) -> tuple[str, ...]:
    """What there is to say where no cause is known: why not, or what jobmon's own trouble is."""
    diagnosis = digest.diagnosis
    if diagnosis.groups:
        return ()
    notes = tuple(filter(None, map(one_line, diagnosis.notes[:MAX_NOTES])))
    if notes or diagnosis.failed_count or diagnosis.pending_count:
        return notes
    return ("No failed task was found in this run.",)


def _tail(path: str, limit: int) -> str:
    return path if len(path) <= limit else "…" + path[1 - limit :]


def _names(group: CauseGroup) -> tuple[str, ...]:
    return tuple(shorten(one_line(key), MAX_TASK_KEY) for key in group.task_keys)
