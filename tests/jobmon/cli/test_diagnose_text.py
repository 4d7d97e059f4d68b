"""`jobmon diagnose --text` and `--jsonl`: what machines and people read."""

import io
import json

import pytest

from jobmon.cli.diagnose_text import diagnose_jsonl, diagnose_text, explain_text, json_of, plain
from jobmon.errors import InvalidPayload
from rules.ruleset import load

MISSING = "ModuleNotFoundError: No module named 'xgboost'"


def answers(*entries: object) -> list[dict[str, object]]:
    return [json.loads(line) for line in diagnose_jsonl(map(json.dumps, entries), load())]


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


def test_what_no_rule_knows_is_said_openly() -> None:
    (found,) = answers({"id": "a", "text": "so it ended", "field": "error"})

    assert (found["category"], found["rule"]) == ("unknown", None)
    assert found["root_cause"] == "so it ended"


def test_ansi_codes_are_not_part_of_the_root_cause() -> None:
    (found,) = answers({"id": "a", "text": f"\x1b[31m{MISSING}\x1b[0m", "field": "log"})

    assert found["root_cause"] == MISSING


def test_blank_lines_are_passed_over() -> None:
    assert list(diagnose_jsonl(["\n", "  "], load())) == []


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"text": 4}'])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(InvalidPayload, match=r"^line 2 "):
        list(diagnose_jsonl(["\n", line], load()))


def test_a_text_is_diagnosed_with_the_lines_of_the_stream() -> None:
    noise = "INFO all is well\n" * 100_000
    stream = io.BytesIO(f"{noise}{MISSING}\n{noise}".encode())

    diagnosis = diagnose_text(stream, load())

    assert diagnosis.finding is not None
    assert diagnosis.finding.evidence[0].line == 100_001
    assert json.loads(json_of(diagnosis))["category"] == "missing_module"


def test_people_read_no_control_characters() -> None:
    shown = plain(diagnose_text(io.BytesIO(b"ValueError: \x07 bell\x9b2J"), load()))

    assert all(char.isprintable() or char == "\n" for char in shown)


def test_an_explanation_is_told_of_a_text() -> None:
    assert "Rules that fired" in explain_text(io.BytesIO(MISSING.encode()), load())
