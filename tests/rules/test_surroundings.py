"""A failure is the same one whatever prints it, and whatever stands around it."""

import html
import re
import textwrap
from collections.abc import Callable

import pytest

from jobmon.cli.diagnose_text import failure_of
from jobmon.diagnosis import Diagnosis
from rules.engine import classify
from rules.ruleset import load
from rules.samples import Sample, all_samples

EVERY = 60
"""Of so many samples one is asked: they go by family, so all families are."""
EVERY_OF_MANY = 10
"""The same where a share is asked for: with fewer it would hang on which ones they are."""
STEPS = "\n".join(
    f"24/05/06 07:08:{second:02d} INFO TaskSetManager: Finished task {second}.0 in stage 3.0"
    for second in range(30)
)
SURROUNDINGS: dict[str, Callable[[str], str]] = {
    "databricks": lambda text: f"Workload failed, see run output for details\n\n{text}",
    "later steps": lambda text: f"{text}\n{STEPS}",
    "exit code": lambda text: f"{text}\nERROR: Job failed: exit code 1",
    "build server": lambda text: f"{text}\n##[error]Process completed with exit code 1.",
    "shutdown": lambda text: f"{text}\nINFO SparkContext: Invoking stop() from shutdown hook",
    "web page": html.escape,
    "windows": lambda text: text.replace("\n", "\r\n"),
    "fence": lambda text: f"```\n{text}\n```",
    "word processor": lambda text: re.sub(
        r"'(?=\w)", "\u2018", re.sub(r"(?<=\w)'", "\u2019", text)
    ),
    "fixed spaces": lambda text: text.replace(" ", "\u00a0"),
    "wide colons": lambda text: text.replace(": ", "\uff1a"),
    "escapes": lambda text: "\n".join(f"\x1b[31m{line}\x1b[0m" for line in text.split("\n")),
    "printed escapes": lambda text: "\n".join(
        rf"\x1b[31m{line}\x1b[0m" for line in text.split("\n")
    ),
    "mark of the encoding": lambda text: f"\ufeff{text}",
    "soft hyphen": lambda text: f"\u00ad{text}",
    "end of a string in C": lambda text: f"{text}\0",
    "blanks at the ends": lambda text: text.replace("\n", " \t\n") + " \t",
    "ticket": lambda text: f"The job failed again:\n\n{text}\n\nWhat does this mean?",
}


def asked(every: int) -> list[Sample]:
    won = [sample for sample in all_samples() if sample.must_match and text_of(sample)]
    return [sample for sample in won[::every] if verdict(text_of(sample)).finding]


def text_of(sample: Sample) -> str:
    """Return its text, if it is one and no code of the platform says more."""
    failure = sample.failure
    texts = [text for text in (failure.error, failure.trace, failure.logs) if text]
    says_more = failure.message or failure.termination or failure.cluster_code
    return texts[0].strip("\n") if len(texts) == 1 and not says_more else ""


def verdict(text: str) -> Diagnosis:
    return classify(failure_of(text, "log"), load())


@pytest.mark.parametrize("sample", asked(EVERY), ids=lambda sample: sample.id)
def test_what_stands_around_it_changes_no_verdict(sample: Sample) -> None:
    text = text_of(sample)
    alone = verdict(text).category

    said = {name: verdict(put(text)) for name, put in SURROUNDINGS.items()}

    assert {name: found.category for name, found in said.items()} == dict.fromkeys(
        SURROUNDINGS, alone
    )


@pytest.mark.parametrize("width", [80, 100, 120])
def test_nine_of_ten_are_known_when_they_are_wrapped(width: int) -> None:
    lost = []
    samples = asked(EVERY_OF_MANY)
    for sample in samples:
        text = text_of(sample)
        wrapped = "\n".join(part for line in text.split("\n") for part in wrap(line, width))
        if verdict(wrapped).category is not verdict(text).category:
            lost.append(sample.id)

    assert len(lost) * 10 <= len(samples), lost


def wrap(line: str, width: int) -> list[str]:
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]


RENAMED: dict[str, Callable[[str], str]] = {
    "code": lambda text: re.sub(r"(?<=[\"'])error_?[cC]ode(?=[\"'] ?:)", "errorType", text),
    "message": lambda text: re.sub(r"(?<=[\"'])message(?=[\"'] ?:)", "errorMessage", text),
    "store": lambda text: re.sub(r"\b(?:s3[an]?|gs|abfss?|dbfs|hdfs)(?=://)", "lakefs", text),
}
"""Names that another client, gateway or store has for the same."""


@pytest.mark.parametrize("put", RENAMED.values(), ids=RENAMED)
def test_what_systems_call_differently_changes_no_verdict(put: Callable[[str], str]) -> None:
    texts = [text_of(sample) for sample in all_samples() if sample.must_match]
    renamed = {text: put(text) for text in texts if put(text) != text}

    changed = [
        other
        for text, other in renamed.items()
        if verdict(other).category is not verdict(text).category
    ]

    assert renamed
    assert changed == []
