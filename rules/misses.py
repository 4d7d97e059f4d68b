"""Failures that no rule knows, grouped: the backlog for new rules."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from jobmon.diagnosis import Category, Diagnosis
from rules.fallback import FALLBACK_PREFIX


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """One kind of failure that no rule of the catalogue knows."""

    fingerprint: str
    headline: str
    count: int = 1
    where: str = ""
    """What one of them failed in, if that is known: the run that a rule can begin with."""


def is_miss(diagnosis: Diagnosis) -> bool:
    """Whether no rule names the cause: nothing does, or only its type or a code was judged."""
    finding = diagnosis.finding
    known = finding is not None and not finding.rule.startswith(FALLBACK_PREFIX)
    return not known or diagnosis.category is Category.UNKNOWN


def miss_of(diagnosis: Diagnosis, *, count: int = 1, where: str = "") -> Miss:
    """Make a miss of what was found of a failure, seen `count` times."""
    return Miss(
        fingerprint=diagnosis.fingerprint, headline=diagnosis.headline, count=count, where=where
    )


def grouped(misses: Iterable[Miss]) -> list[Miss]:
    """Put equal ones together, the most frequent first."""
    found: dict[str, Miss] = {}
    for miss in misses:
        known = found.setdefault(miss.fingerprint, replace(miss, count=0))
        found[miss.fingerprint] = replace(known, count=known.count + miss.count)
    return sorted(found.values(), key=lambda miss: (-miss.count, miss.fingerprint))
