from pathlib import Path

import pytest

from jobmon.errors import SettingsError
from rules.loader import read_rules
from rules.ruleset import load
from tests.rules.builders import write_rule


def faults_of(file: Path) -> list[str]:
    _, faults = read_rules([file], is_users=True)
    return faults


def changed(file: Path, old: str, new: str) -> Path:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    return file


@pytest.mark.parametrize(
    ("old", "new", "key", "what"),
    [
        pytest.param('"message"', '"traceback"', "match.any[0].field", "'traceback'", id="field"),
        pytest.param("regex =", "like =", "match.any[0]", "exactly one operator", id="operator"),
        pytest.param(
            r"'table (?P<table>\w+) is away'",
            r'"\b(?P<table>it) is away"',
            "match.any[0].regex",
            "backspace",
            id="backspace",
        ),
        pytest.param("table (?P", "(?=x)(?P", "match.any[0].regex", "not RE2", id="lookahead"),
        pytest.param("table (?P", "(?&lost)(?P", "match.any[0].regex", "called 'lost'", id="words"),
        pytest.param("table (?P", "(?P<table>a)|(?P", "match.any[0].regex", "twice", id="twice"),
        pytest.param('"table_not_found"', '"lost"', "category", "'lost'", id="category"),
        pytest.param('"high"', '"sure"', "confidence", "'sure'", id="confidence"),
        pytest.param('"unlikely_to_help"', '"no"', "rerun", "'no'", id="rerun"),
        pytest.param("$table", "$tabel", "summary", "$tabel is captured by no", id="capture"),
        pytest.param("$table", "$ table", "summary", "bad $", id="dollar"),
        pytest.param("why =", "reason =", "reason", "unknown key", id="key"),
        pytest.param('"It was dropped."', '""', "why", "is missing", id="why"),
        pytest.param('"Restore it."', "7", "remedy", "is not a text", id="type"),
        pytest.param('name = "table-away"', 'name = "away"', "name", "folder", id="folder"),
        pytest.param('code = "X101"', 'code = "PY101"', "code", "built-in", id="family"),
        pytest.param('code = "X101"', 'code = "X1"', "code", "not a code", id="code"),
        pytest.param("[match]", "priority = 11\n[match]", "priority", "range", id="priority"),
        pytest.param("any = [", "some = [", "match.some", "unknown key", id="group"),
        pytest.param(
            "[match]",
            '[match]\nalso = [{ field = "task_type", equals = "x" }]',
            "match.also",
            "only causes and lines tell more",
            id="also",
        ),
    ],
)
def test_a_fault_is_told_with_file_key_reason_and_remedy(
    tmp_path: Path, old: str, new: str, key: str, what: str
) -> None:
    file = changed(write_rule(tmp_path), old, new)

    told = next(fault for fault in faults_of(file) if fault.startswith(f"{file}: {key}: "))

    reason, _, remedy = told.partition("\n  ")
    assert what in reason
    assert remedy.endswith(".")


def test_an_unknown_field_names_the_known_ones(tmp_path: Path) -> None:
    file = changed(write_rule(tmp_path), '"message"', '"traceback"')

    (told,) = [fault for fault in faults_of(file) if "match.any[0].field" in fault]

    assert (
        "Use one of: exception, message, words, error_class, sqlstate, raised_in, raised_at" in told
    )


def test_a_file_that_is_not_toml_is_told_with_its_place(tmp_path: Path) -> None:
    file = write_rule(tmp_path)
    file.write_text("code = X101\n")

    (told,) = faults_of(file)

    assert told.startswith(f"{file}: is not TOML: ")
    assert "line 1" in told


def test_faults_of_all_files_are_told_together(tmp_path: Path) -> None:
    first = changed(write_rule(tmp_path), '"high"', '"sure"')
    second = changed(write_rule(tmp_path, "X102", "other"), '"message"', '"mail"')

    with pytest.raises(SettingsError) as caught:
        load([tmp_path])

    assert {fault.split(": ")[0] for fault in caught.value.faults} == {str(first), str(second)}


def test_a_right_file_gives_a_rule(tmp_path: Path) -> None:
    rules, faults = read_rules([write_rule(tmp_path)], is_users=True)

    assert faults == []
    assert [(rule.code, rule.is_users, rule.captures) for rule in rules] == [
        ("X101", True, frozenset({"table"}))
    ]


def test_lines_of_a_file_are_joined_while_paragraphs_and_lists_stay(tmp_path: Path) -> None:
    wrapped = """'''
Restore it, or ask
whoever dropped it.

Then:
- run the
  check;
- rerun.
'''"""
    file = changed(write_rule(tmp_path), '"Restore it."', wrapped)

    ((rule,), faults) = read_rules([file], is_users=True)

    assert faults == []
    assert rule.remedy == (
        "Restore it, or ask whoever dropped it.\n\nThen:\n- run the\n  check;\n- rerun."
    )
