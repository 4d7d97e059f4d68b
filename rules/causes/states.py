"""What Databricks puts round an error when it says how a run or task ended."""

import re2

_BEFORE = re2.compile(
    r"^(?:Task \S{1,200} failed with message: |(?:Run result unavailable: )?"
    r"(?:(?:R|r)un|(?:J|j)ob) failed with error message:?\s+)"
)
_STARTS = ("Task ", "Run ", "run ", "Job ", "job ")
_AFTER = "This caused all downstream tasks to get skipped."


def without_state(body: str) -> str:
    """Take the words about the run off a line; a line of nothing else stays as it is."""
    said = body
    if said.endswith(_AFTER):
        said = said[: -len(_AFTER)].rstrip()
    if said.startswith(_STARTS) and (match := _BEFORE.match(said)) is not None:
        said = said[match.end() :]
    return said or body
