"""Notebooks started by `dbutils.notebook.run`: their run ids are only in the caller's text."""

import re
from dataclasses import replace

from jobmon.databricks.fields import Json, mapping, text
from jobmon.databricks.outputs import Outputs, has_content
from jobmon.databricks.plain import failure_from, joined_notes, may_pass
from jobmon.diagnosis import TaskFailure
from jobmon.errors import JobmonError, NotYet
from jobmon.run import TaskRun

IS_NESTED = re.compile(
    r"WorkflowException|NotebookExecutionException|dbutils\.notebook\.run|notebook\.run\("
)
CHILD_ID = re.compile(
    r"(?:/runs?/|\brun_?id['\"]?\s{0,2}[:=]\s{0,2}['\"]?)(\d{3,19})\b", re.IGNORECASE
)

NESTED_RUN = "WORKFLOW_RUN"

# The id stands near the exception that names it, at either end of a long trace.
LOOKED_AT = 64 * 1024
MAX_DEPTH = 3


class NestedNotebooks:
    """Follows a caller's text down to the notebook that failed."""

    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs

    def follow(self, failure: TaskFailure, task: TaskRun, *, depth: int = 0) -> TaskFailure:
        """The failure as the innermost notebook tells it; as it was, if that cannot be read."""
        child_id = child_run_id(failure, known=task.run_id)
        if child_id is None or depth == MAX_DEPTH:
            return failure
        try:
            output = self._outputs.read(child_id)
        except NotYet:
            raise
        except JobmonError as exc:
            note = f"the nested notebook's output could not be read: {exc}"
            note = joined_notes(failure.note, note)
            return replace(failure, note=note, unread=may_pass(exc))
        if not (_is_nested(output) and has_content(output)):
            return failure
        child = failure_from(replace(task, run_id=task.run_id), output)
        told = replace(
            child,
            message=failure.message,
            termination=failure.termination,
            origin=f"nested notebook run {child_id}",
        )
        return self.follow(told, task, depth=depth + 1)


def _is_nested(output: Json) -> bool:
    """Whether it is a notebook's that another one ran, as far as Databricks says what it is.

    The id is a stranger's text, and jobmon may read more than the reader of this failure: a run of
    another job is nobody's to show here.
    """
    return text(mapping(output, "metadata"), "run_type") in {"", NESTED_RUN}


def child_run_id(failure: TaskFailure, *, known: int) -> int | None:
    """The id of the nested run that a text names, if it is about one."""
    for part in (failure.error, failure.trace[:LOOKED_AT], failure.trace[-LOOKED_AT:]):
        if not IS_NESTED.search(part):
            continue
        for found in CHILD_ID.finditer(part):
            child = int(found.group(1))
            if child != known and f"run {child}" not in failure.origin:
                return child
    return None
