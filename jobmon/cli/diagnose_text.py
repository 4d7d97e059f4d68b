"""`jobmon diagnose --text` and `--jsonl`: texts in, diagnoses out, no workspace asked."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO

from jobmon.diagnosis import Diagnosis, Evidence, TaskFailure
from jobmon.errors import InvalidPayload
from rules.engine import classify
from rules.excerpt import BLOCK, Excerpt, excerpt
from rules.explain import explain
from rules.ruleset import RuleSet


def failure_of(text: str, field: str = "log") -> TaskFailure:
    """Make a failure of one text; `field` is the API's name for where it came from."""
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
    """Diagnose a text of any length in bounded memory; lines are numbered as in the stream."""
    read = _excerpt(stream, ruleset)
    diagnosis = classify(failure_of(read.text), ruleset)
    if not read.numbers:
        return diagnosis
    findings = (
        replace(finding, evidence=tuple(_as_numbered(item, read) for item in finding.evidence))
        for finding in diagnosis.findings
    )
    return replace(diagnosis, findings=tuple(findings))


def explain_text(stream: BinaryIO, ruleset: RuleSet) -> str:
    """Say how a text was read, which rules fired and which nearly did."""
    read = _excerpt(stream, ruleset)
    return _printable(explain(failure_of(read.text), ruleset, numbered=read.original))


def _excerpt(stream: BinaryIO, ruleset: RuleSet) -> Excerpt:
    return excerpt(iter(lambda: stream.read(BLOCK), b""), ruleset.lines.patterns)


def _as_numbered(evidence: Evidence, read: Excerpt) -> Evidence:
    return replace(evidence, line=read.original(evidence.line))


def diagnose_jsonl(lines: Iterable[str], ruleset: RuleSet) -> Iterator[str]:
    """Diagnose one object a line; yields one line for each, in order."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            entry = _entry(line, number)
            failure = failure_of(str(entry["text"]), str(entry.get("field", "error")))
            record = {"id": entry.get("id"), **record_of(classify(failure, ruleset))}
            yield json.dumps(record, ensure_ascii=False)


def record_of(diagnosis: Diagnosis) -> dict[str, object]:
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


def json_of(diagnosis: Diagnosis) -> str:
    """Return the record of one text as one line of JSON."""
    return json.dumps(record_of(diagnosis), ensure_ascii=False)


def plain(diagnosis: Diagnosis) -> str:
    """Render a diagnosis for a terminal: untrusted text, no markup, no control characters."""
    finding = diagnosis.finding
    if finding is None:
        said = ["unknown: no rule knows this failure.", f"  {diagnosis.headline}"]
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


def _entry(line: str, number: int) -> Mapping[str, object]:
    try:
        entry = json.loads(line)
    except json.JSONDecodeError as exc:
        message = f"line {number} is not JSON: {exc.msg}. Write one object a line."
        raise InvalidPayload(message) from exc
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        message = f'line {number} has no text. Write {{"id": …, "text": "…", "field": "error"}}.'
        raise InvalidPayload(message, field="text")
    return entry
