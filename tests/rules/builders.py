"""Rules and failures as tests want them: only what matters is said."""

from pathlib import Path
from typing import Any

from jobmon.diagnosis import Category, Confidence, Rerun, TaskFailure
from jobmon.run import Termination
from rules.rule import Condition, Field, Operator, Rule


def when(field: str, **operator: str | list[str]) -> Condition:
    ((name, value),) = operator.items()
    values = (value,) if isinstance(value, str) else tuple(value)
    return Condition(field=Field(field), operator=Operator(name), values=values)


def a_rule(code: str = "PY900", *conditions: Condition, **changes: object) -> Rule:
    """A rule that fires when any of the conditions holds."""
    facts: dict[str, object] = {
        "code": code,
        "name": "a-rule",
        "summary": ("Something broke.",),
        "category": Category.USER_CODE_EXCEPTION,
        "confidence": Confidence.HIGH,
        "rerun": Rerun.UNKNOWN,
        "why": "Because.",
        "remedy": "Mend it.",
        "references": ("https://example.com/",),
        "any_of": conditions,
    }
    return Rule(**(facts | changes))  # type: ignore[arg-type]


def a_failure(error: str = "", *, code: str = "", **texts: Any) -> TaskFailure:
    termination = Termination(code=code) if code else None
    return TaskFailure(task_key="load", error=error, termination=termination, **texts)


RULE = """\
code = "{code}"
name = "{name}"
summary = ["Table `$table` is away.", "A table is away."]
category = "table_not_found"
confidence = "high"
rerun = "unlikely_to_help"
why = "It was dropped."
remedy = "Restore it."
references = ["https://example.com/"]
{more}
[match]
any = [{{ field = "message", regex = 'table (?P<table>\\w+) is away' }}]
"""


def write_rule(root: Path, code: str = "X101", name: str = "table-away", more: str = "") -> Path:
    """Write a right rule file and return it."""
    folder = root / f"{code}-{name}"
    folder.mkdir(parents=True)
    file = folder / "rule.toml"
    file.write_text(RULE.format(code=code, name=name, more=more))
    return file


def write_sample(rule_file: Path, name: str, text: str, expect: str = "") -> Path:
    """Write a sample beside a rule."""
    folder = rule_file.parent / "samples"
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.toml"
    file.write_text(f"source = 'synthetic'\n[failure]\nerror = '''\n{text}\n'''\n{expect}")
    return file
