"""New code: what failed first with it says so, and a fix by it is told from the next run."""

import pytest

from jobmon.incident_event import RunObserved
from jobmon.ports.store import Code
from tests.support.incidents import after, the
from tests.support.runs import a_diagnosis, a_run, a_success, at
from workers.history import deploy_of

OLD, NEW = "0" * 40, "1a2b3c4d5e6f"


def run(commit: str = NEW, *, minutes: float = 0, number: int = 1) -> RunObserved:
    return RunObserved(
        run=a_run(number, started=at(minutes), git_commit=commit), diagnosis=a_diagnosis("oom")
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (Code(commit=NEW, last_good=OLD, first_run=at(-30)), "today's 11:30 UTC deploy (1a2b3c4d)"),
        (Code(commit=NEW, last_good=OLD), "today's 12:00 UTC deploy (1a2b3c4d)"),
        (
            Code(commit=NEW, last_good=OLD, first_run=at(-24 * 60)),
            "the deploy of Tue 24 Nov 12:00 UTC (1a2b3c4d)",
        ),
        (Code(commit=NEW, last_good=NEW, first_run=at(-30)), ""),
        (Code(commit=NEW, first_run=at(-30)), ""),
    ],
    ids=["seen before", "first run", "yesterday", "same code", "no good run known"],
)
def test_a_deploy_in_words(code: Code, words: str) -> None:
    assert deploy_of(code, run().run, now=at(10)) == words


@pytest.mark.parametrize(
    ("failed_with", "succeeded_with", "how"),
    [(OLD, NEW, "new code"), (OLD, OLD, "next run"), ("", NEW, "next run"), (OLD, "", "next run")],
)
def test_a_later_success_is_by_new_code_only_if_the_code_is_another(
    failed_with: str, succeeded_with: str, how: str
) -> None:
    success = RunObserved(
        run=a_success(2, started=at(30), git_commit=succeeded_with), diagnosis=a_diagnosis()
    )

    assert the(after(run(failed_with), success)).resolved_how == how


def test_a_repair_is_a_repair_whatever_the_code() -> None:
    repaired = RunObserved(run=a_success(1, repair=5, git_commit=OLD), diagnosis=a_diagnosis())

    assert the(after(run(NEW), repaired)).resolved_how == "repair"
