"""`jobmon diagnose --text` and `--jsonl`: what machines and people read."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobmon.cli.diagnose import diagnose
from jobmon.cli.diagnose_text import (
    diagnose_jsonl,
    diagnose_text,
    explain_text,
    json_of,
    plain,
    record_of,
)
from jobmon.cli.exit_codes import EXIT_UNREADABLE, EXIT_USAGE
from rules.ruleset import load

MISSING = "ModuleNotFoundError: No module named 'xgboost'"


def answers(*entries: object) -> list[dict[str, object]]:
    records = diagnose_jsonl(map(json.dumps, entries), load())
    return [json.loads(json_of(record)) for record in records]


def test_each_object_is_answered_in_order_with_the_promised_keys() -> None:
    found = answers({"id": "a", "text": MISSING, "field": "error"}, {"id": 2, "text": "eh"})

    assert [entry["id"] for entry in found] == ["a", 2]
    assert list(found[0]) == [
        *("id", "category", "rule", "confidence", "summary", "root_cause", "entities"),
        *("rerun", "fingerprint"),
    ]
    assert found[0]["category"] == "missing_module"
    assert found[0]["root_cause"] == MISSING
    assert found[0]["entities"] == {"module": "xgboost"}


@pytest.mark.parametrize("field", ["error", "error_trace", "state_message", "log"])
def test_every_field_is_read(field: str) -> None:
    (found,) = answers({"id": "a", "text": MISSING, "field": field})

    assert found["category"] == "missing_module"


def test_a_field_of_another_name_is_told_once_and_read_as_an_error() -> None:
    entry = {"id": "a", "text": MISSING}
    lines = [json.dumps(entry | {"field": field}) for field in ("logs", "log", "logs", None)]

    result = run("--jsonl", "-", given="\n".join(lines))

    (said,) = result.stderr.splitlines()
    assert said.startswith("line 1: field 'logs' is none of error, error_trace, state_message, log")
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a"] * 4
    assert result.exit_code == 0


def test_what_no_rule_knows_is_said_openly() -> None:
    (found,) = answers({"id": "a", "text": "so it ended", "field": "error"})

    assert (found["category"], found["rule"]) == ("unknown", None)
    assert found["root_cause"] == "so it ended"


def test_ansi_codes_are_not_part_of_the_root_cause() -> None:
    (found,) = answers({"id": "a", "text": f"\x1b[31m{MISSING}\x1b[0m", "field": "log"})

    assert found["root_cause"] == MISSING


def test_blank_lines_are_passed_over() -> None:
    assert list(diagnose_jsonl(["\n", "  "], load())) == []


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"text": 4}', "[" * 100_000], ids=repr)
def test_a_line_that_cannot_be_read_is_named_and_the_others_are_answered(line: str) -> None:
    good = json.dumps({"id": "a", "text": MISSING})

    first, bad, last = diagnose_jsonl([good, line, good], load())

    assert first == last
    assert list(bad) == ["id", "error"]
    assert str(bad["error"]).startswith("line 2 ")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_a_number_that_json_cannot_say_makes_its_line_unreadable(number: str) -> None:
    (bad,) = diagnose_jsonl([f'{{"id": {number}, "text": "{MISSING}"}}'], load())

    said = f"line 1 is not JSON: {number} is no number that it can say. Write one object a line."
    assert bad == {"id": None, "error": said}


def test_what_is_written_is_json_or_nothing() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_of({"id": float("nan")})


def test_a_line_without_a_text_is_answered_with_its_id() -> None:
    (found,) = answers({"id": "x7"})

    assert found["id"] == "x7"


def test_half_a_character_is_no_reason_to_stop() -> None:
    entry = '{"id": "\\ud800", "text": "x \\ud800"}'
    (line,) = (json_of(record) for record in diagnose_jsonl([entry], load()))

    assert line.isascii()
    assert json.loads(line)["root_cause"]


def run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(diagnose, arguments, input=given)


def test_what_editors_put_before_a_file_is_no_part_of_it() -> None:
    (found,) = diagnose_jsonl([f'\ufeff{{"id": 1, "text": "{MISSING}"}}'], load())

    assert found["category"] == "missing_module"


def test_bad_lines_are_told_at_the_end() -> None:
    result = run("--jsonl", "-", given=f'{{\n{{"id": 1, "text": "{MISSING}"}}\n')

    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [None, 1]
    assert "1 of the lines could not be read" in result.stderr
    assert result.exit_code == EXIT_UNREADABLE


@pytest.mark.parametrize(
    "arguments",
    [["--text", "-", "--json"], ["1", "--json"], ["--jsonl", "-"]],
    ids=["text", "run", "lines"],
)
def test_an_explanation_for_people_is_not_asked_for_with_json_for_machines(
    arguments: list[str],
) -> None:
    result = run(*arguments, "--explain", given=MISSING)

    assert result.exit_code == EXIT_USAGE
    assert "Give one of: --explain" in result.stderr
    assert not result.stdout


@pytest.mark.parametrize("option", ["--json", "--explain"])
@pytest.mark.parametrize("text", ["", " \n\n"], ids=repr)
def test_an_empty_text_is_refused(option: str, text: str) -> None:
    result = run("--text", "-", option, given=text)

    assert result.exit_code == EXIT_USAGE
    assert "the text is empty" in result.stderr
    assert not result.stdout


def test_a_text_needs_nothing_of_the_settings_but_the_rules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "many")

    assert run("--text", "-", given=MISSING).exit_code == 0
    assert run("1").exit_code == 1


def test_a_text_is_diagnosed_with_the_lines_of_the_stream() -> None:
    noise = "INFO all is well\n" * 100_000
    stream = io.BytesIO(f"{noise}{MISSING}\n{noise}".encode())

    diagnosis = diagnose_text(stream, load())

    assert diagnosis.finding is not None
    assert diagnosis.finding.evidence[0].line == 100_001
    assert json.loads(json_of(record_of(diagnosis)))["category"] == "missing_module"


def test_people_read_no_control_characters() -> None:
    shown = plain(diagnose_text(io.BytesIO(b"ValueError: \x07 bell\x9b2J"), load()))

    assert all(char.isprintable() or char == "\n" for char in shown)


def test_an_explanation_is_told_of_a_text() -> None:
    assert "Rules that fired" in explain_text(io.BytesIO(MISSING.encode()), load())


def test_no_text_makes_two_lines_of_one() -> None:
    text = "ValueError: bad\u2028thing\u2029here\u0085so"
    (line,) = (json_of(record) for record in diagnose_jsonl([json.dumps({"text": text})], load()))

    assert len(line.splitlines()) == 1
    assert json.loads(line)["root_cause"] == text


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_lines_are_utf_8_whatever_the_locale_says(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text(
        '{"id": "ünï", "text": "Table or view not found: `größe`.`日本`"}\n', encoding="utf-8"
    )

    done = subprocess.run(
        [sys.executable, "-m", "jobmon", "diagnose", "--jsonl", str(file)],
        env={**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
        | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        check=True,
    )

    answer = json.loads(done.stdout)
    assert (answer["id"], answer["entities"]) == ("ünï", {"table": "`größe`.`日本`"})


def test_a_failure_that_no_rule_knows_is_said_with_what_to_do_next() -> None:
    said = plain(diagnose_text(io.BytesIO(b"eh"), load()))

    assert said.startswith("unknown: no rule knows this failure.\n  eh\nNext: `--explain`")
