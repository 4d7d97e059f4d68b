"""What has been read of a large run so far, kept for whoever reads on.

Without the texts: a cause is told with them when it is found. What stays is what the message shows
anyway, each cause once.
"""

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from jobmon.cause_group import TaskDiagnosis
from jobmon.diagnosis import Diagnosis, TaskFailure
from jobmon.run import Run, TaskRun
from workers.services import Services

KEPT_FOR = timedelta(hours=1)
"""Longer than any look at a run is put off; each one keeps it anew."""


class KeptFailure(msgspec.Struct, frozen=True, array_like=True):
    """One failure of a task run, and its cause."""

    task_run_id: int
    task_key: str
    fingerprint: str
    occurrences: int = 1
    origin: str = ""
    note: str = ""


class Kept(msgspec.Struct, frozen=True):
    """The failures that were read, and the task runs that were tried in vain."""

    failures: tuple[KeptFailure, ...] = ()
    diagnoses: dict[str, Diagnosis] = {}
    """Of each cause by its fingerprint."""
    tried: tuple[int, ...] = ()

    @property
    def read(self) -> frozenset[int]:
        """The task runs that were read."""
        return frozenset(failure.task_run_id for failure in self.failures)

    def of(self, run: Run) -> Iterator[TaskDiagnosis]:
        """What is known of a run's failed tasks as they are now: a repair gives them new ids."""
        present = {task.run_id for task in run.failed_tasks}
        for kept in self.failures:
            if kept.task_run_id in present:
                yield TaskDiagnosis(
                    failure=_failure(kept), diagnosis=self.diagnoses[kept.fingerprint]
                )

    def still_to_read(self, run: Run) -> list[TaskRun]:
        """The failed tasks that are not read yet, what was tried in vain at the end."""
        read, tried = self.read, frozenset(self.tried)
        left = [task for task in run.failed_tasks if task.run_id not in read]
        return sorted(left, key=lambda task: task.run_id in tried)

    def has_untried(self, run: Run) -> bool:
        """Whether there are failed tasks that nobody has tried to read yet."""
        return any(task.run_id not in self.tried for task in self.still_to_read(run))


def _failure(kept: KeptFailure) -> TaskFailure:
    return TaskFailure(
        task_key=kept.task_key,
        occurrences=kept.occurrences,
        origin=kept.origin,
        note=kept.note,
    )


NOTHING = Kept()


def kept_of(services: Services, run: Run) -> Kept:
    """What has been read of a run so far."""
    raw = services.store.noted(_name(run))
    if raw is None:
        return NOTHING
    try:
        return msgspec.json.decode(raw, type=Kept)
    except msgspec.DecodeError:
        return NOTHING  # written by another version: it is read anew


def keep(services: Services, run: Run, kept: Kept) -> None:
    """Keep this for the next look, in place of what was kept before."""
    services.store.note(_name(run), msgspec.json.encode(kept), ttl=KEPT_FOR)


def drop(services: Services, run: Run) -> None:
    """All is read and told: nothing is kept any more."""
    services.store.drop_note(_name(run))


def _name(run: Run) -> str:
    return f"kept-{run.mailbox}"
