"""Texts that no rule knows, grouped: the backlog for new rules."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from jobmon.diagnosis import Category, TaskFailure
from jobmon.errors import InvalidPayload
from rules.engine import classify
from rules.ruleset import RuleSet

FALLBACK_PREFIX = "GEN"
"""Codes of what is said without a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """One kind of failure that no rule of the catalogue knows."""

    fingerprint: str
    headline: str
    count: int


def misses_in(lines: Iterable[str], ruleset: RuleSet) -> list[Miss]:
    """Diagnose JSONL texts and return those that no rule knows, the most frequent first."""
    counts: dict[str, int] = {}
    headlines: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        diagnosis = classify(_failure(line, number), ruleset)
        finding = diagnosis.finding
        known = finding is not None and not finding.rule.startswith(FALLBACK_PREFIX)
        if not known or diagnosis.category is Category.UNKNOWN:
            counts[diagnosis.fingerprint] = counts.get(diagnosis.fingerprint, 0) + 1
            headlines.setdefault(diagnosis.fingerprint, diagnosis.headline)
    found = [
        Miss(fingerprint=key, headline=headlines[key], count=count) for key, count in counts.items()
    ]
    return sorted(found, key=lambda miss: (-miss.count, miss.fingerprint))


def _failure(line: str, number: int) -> TaskFailure:
    try:
        text = json.loads(line)["text"]
    except (ValueError, KeyError, TypeError) as exc:
        message = f'line {number} is not an object with a "text". Write one object a line.'
        raise InvalidPayload(message, field="text") from exc
    return TaskFailure(task_key="text", error=str(text))
