"""Ask all workspaces the same: one that is down keeps no answer of the others from anybody."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Generic, TypeVar

from jobmon.errors import JobmonError, NotFound
from jobmon.ports.workspace import Workspace
from workers.services import Services

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Generic[T]):
    """What one workspace answered: what was asked for, or why it could not say."""

    workspace: Workspace
    answer: T | None = None
    fault: JobmonError | None = None


def ask_each(services: Services, question: Callable[[Workspace], T]) -> Iterator[Said[T]]:
    """What each workspace says, as soon as it does; those that know of no such thing are left out.

    Who has heard enough need not wait for one that does not answer.
    """
    everywhere = services.workspaces.all()
    pool = ThreadPoolExecutor(max(len(everywhere), 1))
    try:
        asked = [pool.submit(_ask, workspace, question) for workspace in everywhere]
        for done in as_completed(asked):
            said = done.result()
            if not isinstance(said.fault, NotFound):
                yield said
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _ask(workspace: Workspace, question: Callable[[Workspace], T]) -> Said[T]:
    try:
        return Said(workspace=workspace, answer=question(workspace))
    except JobmonError as exc:
        return Said(workspace=workspace, fault=exc)
