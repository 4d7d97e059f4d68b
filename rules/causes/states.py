"""What Databricks and dbt put before an error when they say how a run or model ended."""

import re2

_BEFORE = re2.compile(
    r"^(?:Task \S{1,200} failed with message: |(?:Run result unavailable: )?"
    r"(?:(?:R|r)un|(?:J|j)ob) failed with error message:?\s+)"
)
_STARTS = ("Task ", "Run ", "run ", "Job ", "job ")
# `Database Error in model x (models/x.sql) …`, where something put dbt's lines into one.
_OF_DBT = re2.compile(
    r"^(?:Database|Runtime|Compilation|Dependency|Parsing|Validation|Internal|Catalog) Error in "
    r"(?:(?:python |data |unit |sql )?(?:model|test|snapshot|seed|operation|hook|unit_test|"
    r"analysis|macro|source) [\w.]{1,200}|rpc request) \([^()]{1,300}\)[ :]+"
)
_FIRST_WORDS = len("Compilation Error in ")
_COMPILED = ("compiled ", "Compiled ")
_AFTER = "This caused all downstream tasks to get skipped."


def without_state(body: str) -> str:
    """Take the words about the run off a line; a line of nothing else stays as it is."""
    said = body
    if said.endswith(_AFTER):
        said = said[: -len(_AFTER)].rstrip()
    if said.startswith(_STARTS) and (match := _BEFORE.match(said)) is not None:
        said = said[match.end() :]
    return said or body


def without_heading(body: str) -> str:
    """Take dbt's words about the model off a line that says more; else return it as it is."""
    if " Error in " not in body[:_FIRST_WORDS] or (match := _OF_DBT.match(body)) is None:
        return body
    below = body[match.end() :]
    return body if not below or below.startswith(_COMPILED) else below
