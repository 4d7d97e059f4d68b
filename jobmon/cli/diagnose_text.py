"""`jobmon diagnose --text` and `--jsonl`: texts in, diagnoses out, no workspace asked."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from math import isfinite
from typing import BinaryIO

from jobmon.diagnosis import Diagnosis, Evidence, TaskFailure
from jobmon.errors import InvalidPayload
from rules.encoding import as_utf8
from rules.engine import classify
from rules.excerpt import BLOCK, Excerpt, excerpt
from rules.explain import explain
from rules.ruleset import RuleSet


class EmptyText(InvalidPayload):
    """There is nothing in the text."""


FIELDS = ("error", "error_trace", "state_message", "log")
"""The API's names for where a text came from."""


def failure_of(text: str, field: str = "log") -> TaskFailure:
    """Make a failure of one text from that field; from one of another name, of an `error`."""
    empty = TaskFailure(task_key="text")
    match field:
        case "error_trace":
            return replace(empty, trace=text)
        case "state_message":
            return replace(empty, message=text)
        case "log":
            return replace(empty, logs=text)
        case _:
            return replace(empty, error=text)


def diagnose_text(stream: BinaryIO, ruleset: RuleSet) -> Diagnosis:
    """Diagnose a text of any length in bounded memory; lines are numbered as in the stream.

    Raises EmptyText when it holds nothing.
    """
    read = _excerpt(stream, ruleset)
    diagnosis = classify(failure_of(read.text), ruleset)
    if not read.numbers or diagnosis.finding is None:
        return diagnosis
    evidence = tuple(_as_numbered(item, read) for item in diagnosis.finding.evidence)
    return replace(diagnosis, finding=replace(diagnosis.finding, evidence=evidence))


def explain_text(stream: BinaryIO, ruleset: RuleSet) -> str:
    """Say how a text was read, which rules fired and which nearly did.

    Raises EmptyText when it holds nothing.
    """
    read = _excerpt(stream, ruleset)
    return _printable(explain(failure_of(read.text), ruleset, numbered=read.original))


def _excerpt(stream: BinaryIO, ruleset: RuleSet) -> Excerpt:
    read = excerpt(as_utf8(iter(lambda: stream.read(BLOCK), b"")), ruleset.lines.patterns)
    if not read.text.strip():
        raise EmptyText("the text is empty: there is nothing to diagnose")
    return read


def _as_numbered(evidence: Evidence, read: Excerpt) -> Evidence:
    return replace(evidence, line=read.original(evidence.line))


NO_RULE_NEXT = (
    "Next: `--explain` shows how it was read; `jobmon rules new CODE NAME --from-text FILE` begins "
    "a rule of your own."
)
Record = dict[str, object]
MAX_SHOWN = 40
BOM = "\ufeff"
"""What some editors put before a file."""


def diagnose_jsonl(
    lines: Iterable[str], ruleset: RuleSet, *, warn: Callable[[str], None] = lambda _: None
) -> Iterator[Record]:
    """Diagnose one object a line; yields a record for each, in order.

    A line that cannot be read has a record too: its `id`, if it says one, and an `error`. Of each
    `field` that is not known `warn` is told once.
    """
    known = set(FIELDS)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = entry_of(line, number)
        except UnreadableLine as exc:
            yield {"id": exc.said_id, "error": str(exc)}
            continue
        if entry.field not in known:
            known.add(entry.field)
            warn(
                f"line {number}: field {entry.field[:MAX_SHOWN]!r} is none of {', '.join(FIELDS)}: "
                "such texts are read as those of `error`"
            )
        yield {"id": entry.said_id, **record_of(classify(entry.failure, ruleset))}


class UnreadableLine(InvalidPayload):
    """A line of JSONL holds no text; `said_id` is its id, if it says one."""

    def __init__(self, message: str, said_id: object = None) -> None:
        super().__init__(message)
        self.said_id = said_id


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of JSONL."""

    said_id: object
    field: str
    failure: TaskFailure


def entry_of(line: str, number: int) -> Entry:
    """Read one line, the `number`th; raises UnreadableLine that says what is wrong with it."""
    try:
        text = line.removeprefix(BOM)
        entry = json.loads(text, parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError) as exc:
        reason = exc.msg if isinstance(exc, json.JSONDecodeError) else "it cannot be read"
        message = f"line {number} is not JSON: {reason}. Write one object a line."
        raise UnreadableLine(message) from exc
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        expected = 'Write {"id": …, "text": "…", "field": "error"}.'
        said = entry.get("id") if isinstance(entry, dict) else None
        raise UnreadableLine(f"line {number} has no text. {expected}", said)
    field = str(entry.get("field") or "error")
    return Entry(entry.get("id"), field, failure_of(entry["text"], field))


def _finite(number: str) -> float:
    """What Python reads as infinite, or as no number, is none that JSON can say."""
    value = float(number)
    if not isfinite(value):
        raise json.JSONDecodeError(f"{number[:MAX_SHOWN]} is no number that it can say", number, 0)
    return value


def record_of(diagnosis: Diagnosis) -> Record:
    """Return what machines read: names and order are an interface."""
    finding = diagnosis.finding
    return {
        "category": str(diagnosis.category),
        "rule": finding.rule if finding else None,
        "confidence": str(finding.confidence) if finding else None,
        "summary": finding.summary if finding else "No rule knows this failure.",
        "root_cause": diagnosis.headline,
        "entities": diagnosis.entities,
        "rerun": str(diagnosis.rerun),
        "fingerprint": diagnosis.fingerprint,
    }


def json_of(record: Record) -> str:
    """Return a record as one line of JSON, in ASCII.

    So any output takes it, and nothing in it ends a line for who reads lines (U+2028, U+0085).
    """
    return json.dumps(record, allow_nan=False)


def plain(diagnosis: Diagnosis) -> str:
    """Render a diagnosis for a terminal: untrusted text, no markup, no control characters."""
    finding = diagnosis.finding
    if finding is None:
        said = ["unknown: no rule knows this failure.", f"  {diagnosis.headline}", NO_RULE_NEXT]
    else:
        said = [
            f"{finding.category} ({finding.confidence} confidence, {finding.rule})",
            finding.summary,
            *(f"  {_where(item.line)}{item.text}" for item in finding.evidence),
            f"Next: {finding.remedy}",
            f"Rerun: {str(finding.rerun).replace('_', ' ')}",
            *(f"See {reference}" for reference in finding.references),
        ]
    return "\n".join(_printable(line) for line in said) + "\n"


def _where(line: int | None) -> str:
    return f"{line}: " if line else ""


def _printable(text: str) -> str:
    return "".join(
        char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )
