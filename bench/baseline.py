"""What a script of an afternoon does: five branches over the text."""

import re

BRANCHES = (
    ("missing_module", re.compile(r"ModuleNotFoundError: No module named '([^']+)'"), "module"),
    ("unresolved_column", re.compile(r"\[UNRESOLVED_COLUMN[^\]]*\].*?`([^`]+)`"), "column"),
    (
        "model_not_found",
        re.compile(r"RESOURCE_DOES_NOT_EXIST.*?[Mm]odel[^'\"]*['\"]?([\w.-]+)|Model .*not found"),
        "model",
    ),
    ("table_not_found", re.compile(r"\[TABLE_OR_VIEW_NOT_FOUND\].*?`([^`]+)`"), "table"),
    ("mlflow_signature", re.compile(r"MlflowException.*(?:signature|schema)"), ""),
)


def decide(text: str) -> tuple[str, str, dict[str, str]]:
    """Category, the line that decided, entities; unknown with the last line otherwise."""
    for category, pattern, name in BRANCHES:
        for line in text.split("\n"):
            match = pattern.search(line)
            if match:
                found = {name: match[1]} if name and match.lastindex and match[1] else {}
                return category, line, found
    lines = [line for line in text.split("\n") if line.strip()]
    return "unknown", lines[-1] if lines else "", {}
