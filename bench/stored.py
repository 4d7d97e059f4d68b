"""Fill a store with past incidents, as fast as the server takes them.

What the store's own code writes for one incident is recorded as bytes, and sent again and again
with other numbers in them: the same commands, without the Python that makes them.
`check_the_copies` compares both ways on a sample, key by key.
"""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Self, cast

from jobmon.cause_group import RunDiagnosis, TaskDiagnosis, group_causes
from jobmon.diagnosis import TaskFailure
from jobmon.digest import Digest
from jobmon.incident import incident_id
from jobmon.incident_event import RunObserved
from jobmon.ports.queue import Transaction
from jobmon.run import JobId, Outcome, Run, RunId, TaskRunId, WorkspaceId
from jobmon.store.client import Client
from jobmon.store.incidents import named_key
from jobmon.store.redis_store import RedisStore
from jobmon.transition import transition
from rules.engine import classify
from rules.ruleset import RuleSet

WORKSPACE = WorkspaceId(7474651234567890)
ONE_OF = 50
"""One incident of so many is still open; the others ended with a success."""
BLOCK = ONE_OF * 20
SPAN = timedelta(days=89)
FIRST = 1_000_000_000
LONGEST_SECONDS = 60


def first_failure(ruleset: RuleSet, number: int, *, at: datetime) -> Digest:
    """The digest of the first failure of a job of its own; all numbers have ten digits."""
    error = "ModuleNotFoundError: No module named 'pandas_gbq'"
    failure = TaskFailure(task_key="load", run_id=TaskRunId(number * 10 + 1), error=error)
    run = Run(
        workspace_id=WORKSPACE,
        run_id=RunId(number * 10),
        job_id=JobId(number),
        job_name=f"job_{number}",
        outcome=Outcome.FAILED,
        ended_at=at,
    )
    task = TaskDiagnosis(failure=failure, diagnosis=classify(failure, ruleset))
    diagnosis = RunDiagnosis(groups=group_causes([task]), failed_count=1)
    change = transition(None, RunObserved(run=run, diagnosis=diagnosis), now=at)
    if change.incident is None:
        raise RuntimeError("a failure makes an incident")
    return Digest(
        incident=replace(change.incident, destinations=("slack:C0123456789",)),
        run=run,
        diagnosis=diagnosis,
        reason=change.reason,
        at=at,
    )


def then_well(digest: Digest, *, at: datetime) -> Digest:
    """The same incident when the job's next run succeeded."""
    run = replace(
        digest.run,
        run_id=RunId(digest.run.run_id + 5),
        outcome=Outcome.SUCCEEDED,
        started_at=at,
        ended_at=at,
    )
    change = transition(
        digest.incident, RunObserved(run=run, diagnosis=RunDiagnosis(failed_count=0)), now=at
    )
    if change.incident is None:
        raise RuntimeError("a success ends an incident")
    return replace(digest, incident=change.incident, run=run, reason=change.reason, at=at)


def write(store: RedisStore, digest: Digest, tx: Transaction) -> None:
    """Write what a look at a run writes."""
    store.save_incident(tx, digest.incident)
    store.save_digest(tx, digest)
    key = digest.incident.job_key
    for fingerprint in sorted(digest.diagnosis.fingerprints):
        if digest.run.outcome is Outcome.FAILED:
            store.record_sighting(
                tx,
                workspace_id=WORKSPACE,
                job_key=key,
                fingerprint=fingerprint,
                run_id=digest.run.run_id,
                at=digest.at,
            )
        else:
            store.record_cure(
                tx,
                workspace_id=WORKSPACE,
                job_key=key,
                fingerprint=fingerprint,
                how=digest.incident.resolved_how,
            )
    store.remember_run(tx, digest.run)


def fill(client: Client, ruleset: RuleSet, start: int, stop: int, *, of: int) -> None:
    """Write the incidents from `start` to `stop`, spread evenly over the time that is kept."""
    now = datetime.now(UTC)
    step = SPAN / max(1, of)
    with _Copier(client) as copier:
        for first in range(start, stop, BLOCK):
            at = now - SPAN + step * first
            copier.send(ruleset, range(first, min(first + BLOCK, stop)), at=at)


def check_the_copies(client: Client, ruleset: RuleSet) -> int:
    """Write a sample both ways into an empty store; how many keys were the same.

    Raises RuntimeError when one is not.
    """
    at = datetime.now(UTC) - timedelta(days=1)
    numbers = range(ONE_OF * 2)
    with _Copier(client) as copier:
        copier.send(ruleset, numbers, at=at)
    copied = _everything(client)
    client.flushall()
    store = RedisStore(client)
    for number in numbers:
        for digest in _life(ruleset, number, at=at):
            store.transact([], partial(write, store, digest))
    written = _everything(client)
    client.flushall()
    if copied != written:
        names = [key for key in copied | written if copied.get(key) != written.get(key)]
        raise RuntimeError(f"{len(names)} keys differ, as {names[:3]}")
    return len(written)


def _life(ruleset: RuleSet, number: int, *, at: datetime) -> Iterator[Digest]:
    digest = first_failure(ruleset, FIRST + number, at=at)
    yield digest
    if number % ONE_OF:
        yield then_well(digest, at=at + timedelta(minutes=30))


class _Copier:
    """A connection on which recorded commands are sent with other numbers."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(LONGEST_SECONDS)

    def __enter__(self) -> Self:
        self._socket.connect(self._client.connection_pool.connection_kwargs["path"])
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, ruleset: RuleSet, numbers: range, *, at: datetime) -> None:
        """Write these incidents, all of them at one time."""
        recorded = [self._recorded(ruleset, sample, at=at) for sample in (0, 1)]
        parts, answers = [], 0
        for number in numbers:
            copy, count = recorded[bool(number % ONE_OF)]
            parts.append(copy(number))
            answers += count
        self._socket.sendall(b"".join(parts))
        while answers:
            answer = self._socket.recv(1 << 20)
            if not answer or answer.startswith(b"-") or b"\n-ERR" in answer:
                raise RuntimeError(f"the server refused a copy: {answer[:200]!r}")
            answers -= answer.count(b"\n")  # a piece may end between the two

    def _recorded(
        self, ruleset: RuleSet, sample: int, *, at: datetime
    ) -> tuple[Callable[[int], bytes], int]:
        store = RedisStore(self._client)
        with self._client.pipeline(transaction=False) as pipe:
            for digest in _life(ruleset, sample, at=at):
                write(store, digest, cast("Transaction", pipe))
            for script in pipe.scripts:
                self._client.script_load(script.script)
            commands = [command[0] for command in pipe.command_stack]
            pipe.reset()
        connection = self._client.connection_pool.get_connection()
        packed = b"".join(connection.pack_commands(commands))  # type: ignore[no-untyped-call]
        self._client.connection_pool.release(connection)
        name, old, named = str(FIRST + sample).encode(), _incident(sample), _named(sample)

        def copy(number: int) -> bytes:
            renamed = packed.replace(name, b"%d" % (FIRST + number)).replace(named, _named(number))
            return renamed.replace(old, _incident(number))

        return copy, len(commands)


def _incident(number: int) -> bytes:
    opened_by = RunId((FIRST + number) * 10)
    return incident_id(WORKSPACE, str(FIRST + number), opened_by).encode()


def _named(number: int) -> bytes:
    return named_key(f"job_{FIRST + number}").encode()


def _everything(client: Client) -> dict[bytes, tuple[bytes | None, int]]:
    """Each key with its value, as the server would store it, and the hours that it has left."""
    return {
        key: (client.dump(key), round(client.ttl(key) / 3600))
        for key in client.scan_iter(count=1000)
    }
