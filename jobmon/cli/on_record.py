"""What is done from the command line is in the audit trail too, where that can be reached."""

import os
import pwd
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import click
import redis.exceptions

from jobmon.action import COMMAND_LINE, Action, ActionKind, ActionOutcome, Actor
from jobmon.cli.connection import redis_of
from jobmon.errors import DoubtfulError, JobmonError
from jobmon.ports.queue import Transaction
from jobmon.run import Run
from jobmon.settings import Settings
from jobmon.store.redis_store import RedisStore

NOT_RECORDED = (
    "Not in the audit trail: Redis does not answer. Set REDIS_URL, or JOBMON_DATA_DIR to that of "
    "the `jobmon up` on this machine."
)


def on_record(
    settings: Settings,
    kind: ActionKind,
    run: Run,
    deed: Callable[[], str],
    *,
    tasks: tuple[str, ...] = (),
) -> str:
    """Do something to a run, and write down what came of it, also that nothing was done.

    `deed` says what it did. That it could not be written down is said, and undoes nothing.
    """
    action = Action(
        action_id=f"c-{uuid4().hex[:24]}",
        kind=kind,
        actor=Actor(user_id=_who(), via=COMMAND_LINE),
        asked_at=datetime.now(UTC),
        workspace_id=run.workspace_id,
        run_id=run.run_id,
        target=run.job_name,
        tasks=tasks,
    )
    try:
        said = deed()
    except JobmonError as exc:
        is_recorded = _record(settings, action, str(exc), done=False)
        if isinstance(exc, DoubtfulError) and not is_recorded:
            click.echo(NOT_RECORDED, err=True)
        raise
    if not _record(settings, action, said, done=True):
        click.echo(NOT_RECORDED, err=True)
    return said


def _record(settings: Settings, action: Action, text: str, *, done: bool) -> bool:
    outcome = ActionOutcome(action=action, done=done, text=text, at=datetime.now(UTC))

    def body(tx: Transaction) -> None:
        store.record_audit(tx, outcome)

    try:
        store = RedisStore(redis_of(settings))
        store.transact([], body)
    except (redis.exceptions.RedisError, JobmonError):
        return False
    return True


def _who() -> str:
    """The user by the system's own record, which no variable changes, and the host."""
    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:  # containers run as users that nobody has named
        name = f"user {number}"
    return f"{name}@{socket.gethostname()}"
