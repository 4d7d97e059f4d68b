"""A look at a run, whatever order its outputs come in."""

from collections.abc import Iterator
from typing import Any

from jobmon.diagnosis import TaskFailure
from rules.ruleset import load
from tests.support.runs import a_run
from workers.look import last, looks

KEYS = ("extract", "load", "train")


class Workspace:
    """Answers with the failures in this order."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys

    def failures(self, *_: Any, **__: Any) -> Iterator[TaskFailure]:
        for key in self.keys:
            yield TaskFailure(task_key=key, error="crm.api.ListClosed: no more")


def test_tasks_are_named_in_the_runs_order() -> None:
    workspace: Any = Workspace("train", "extract", "load")
    look = last(looks(workspace, a_run(failed=KEYS), load()))

    assert look.diagnosis.groups[0].task_keys == KEYS
    assert tuple(item.failure.task_key for item in look.details) == KEYS
