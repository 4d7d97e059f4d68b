"""Texts of work that went well: no rule may see a failure in them."""

from dataclasses import replace
from pathlib import Path

import pytest

from jobmon.diagnosis import TaskFailure
from rules.engine import classify
from rules.ruleset import load

QUIET = sorted((Path(__file__).parent / "quiet").glob("*.txt"))


@pytest.mark.parametrize("field", ["logs", "error"])
@pytest.mark.parametrize("file", QUIET, ids=lambda file: file.stem)
def test_nothing_is_found_in_the_text_of_a_success(file: Path, field: str) -> None:
    failure = replace(TaskFailure(task_key="load"), **{field: file.read_text()})  # type: ignore[arg-type]

    assert classify(failure, load()).finding is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("\n \n\t\n", id="blanks"),
        pytest.param("Workload failed, see run output for details", id="wrapper"),
        pytest.param("error", id="one-word"),
    ],
)
def test_a_text_that_names_no_cause_is_unknown(text: str) -> None:
    diagnosis = classify(TaskFailure(task_key="load", error=text), load())

    assert str(diagnosis.category) == "unknown"
