"""Names found in the text: what the rule captured, and what the root's message says anyway."""

from rules.observation import Observation
from rules.ranking import Candidate

NAMES = frozenset(
    "module column table model path library host exit_code function field parameter secret scope"
    " principal permission limit instance_type region endpoint package version url job status port"
    " signal user database key type operation setting topic query".split()
)
"""Captures with these names become entities; others only fill summaries."""


def entities_of(
    candidate: Candidate, observation: Observation, captures: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return name and value pairs, each name once, sorted."""
    return tuple(sorted((name, value) for name, value in captures.items() if name in NAMES))
