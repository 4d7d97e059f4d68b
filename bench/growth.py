"""Growth: what one more event costs when many incidents are stored already.

    python -m bench.growth [--stored 0 10000 1000000] [--events 300]

Incidents are written as jobmon writes them, each with its digest. Then events go the way of a
diagnosis through the real queue and store, without anything outside: put, take, transition, save,
record, done. Commands are the store's reads behind the slash commands and the pages.
"""

import argparse
import statistics
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from time import perf_counter

import msgspec

from bench.house import server
from bench.measure import machine, table
from jobmon.cause_group import RunDiagnosis, TaskDiagnosis, group_causes
from jobmon.diagnosis import TaskFailure
from jobmon.digest import Digest
from jobmon.incident import Incident, NotifyReason
from jobmon.incident_event import RunObserved
from jobmon.ports.queue import Message, Transaction, WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.run import JobId, Outcome, Run, RunEvent, RunEventKind, RunId, TaskRunId, WorkspaceId
from jobmon.store.client import Client
from jobmon.store.incidents import ALL, DIGEST, INCIDENT, OPEN
from jobmon.store.redis_store import RedisStore
from jobmon.transition import transition
from rules.engine import classify
from rules.ruleset import RuleSet, load

WORKSPACE = WorkspaceId(7474651234567890)
SHARE_OPEN = 50
BATCH = 2000
HEAD = (
    "stored incidents",
    "event ms",
    "to the first",
    "p99 ms",
    "Redis kB an event",
    "to the first",
)
_numbers = count(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, nargs="+", default=[0, 10_000, 1_000_000])
    parser.add_argument("--events", type=int, default=300)
    asked = parser.parse_args()
    print(machine())
    ruleset = load((), ())
    rows: list[tuple[object, ...]] = []
    reads: list[tuple[object, ...]] = []
    first: tuple[float, float] | None = None
    with server() as (_, client, _folder):
        stored = 0
        for wanted in sorted(asked.stored):
            _store(client, ruleset, stored, wanted)
            stored = wanted
            _events(client, ruleset, 20)
            before = client.info("memory")["used_memory"]
            times = sorted(_events(client, ruleset, asked.events))
            memory = (client.info("memory")["used_memory"] - before) / asked.events / 1024
            median = statistics.median(times) * 1000
            first = first or (median, memory)
            p99 = times[int(len(times) * 0.99)] * 1000
            rows.append((f"{stored:,}", median, median / first[0], p99, memory, memory / first[1]))
            reads.append((f"{stored:,}", *_reads(client).values()))
        names = tuple(_reads(client))
    table("One more event, medians", HEAD, rows)
    table(
        "Reads behind commands and pages, ms (target below 100)",
        ("stored incidents", *names),
        reads,
    )


def _events(client: Client, ruleset: RuleSet, number: int) -> list[float]:
    queue, store = RqJobQueue(client), RedisStore(client)
    times = []
    for _ in range(number):
        run_id = RunId(10_000_000_000 + next(_numbers))
        began = perf_counter()
        key = f"{WORKSPACE}-{run_id}"
        event = RunEvent(
            kind=RunEventKind.FAILED,
            workspace_id=WORKSPACE,
            run_id=run_id,
            received_at=datetime.now(UTC),
        )
        queue.put(
            Message(
                kind=WorkKind.DIAGNOSE,
                key=key,
                message_id=f"e-{run_id}",
                body=msgspec.json.encode(event),
            )
        )
        lease = queue.take(WorkKind.DIAGNOSE, key)
        if lease is None:
            raise RuntimeError("the event is not in its mailbox")
        digest = _digest(ruleset, run_id, before=None)
        job_key = digest.incident.job_key

        def body(tx: Transaction, digest: Digest = digest, lease: object = lease) -> None:
            store.current_incident(WORKSPACE, digest.incident.job_key)
            store.save_incident(tx, digest.incident)
            store.save_digest(tx, digest)
            for fingerprint in sorted(digest.diagnosis.fingerprints):
                store.record_sighting(
                    tx,
                    workspace_id=WORKSPACE,
                    job_key=digest.incident.job_key,
                    fingerprint=fingerprint,
                    run_id=digest.run.run_id,
                    at=digest.at,
                )
            store.remember_run(tx, digest.run, told=True)
            queue.done(lease, tx=tx)  # type: ignore[arg-type]

        store.transact([store.incident_key(WORKSPACE, job_key)], body)
        times.append(perf_counter() - began)
    # RQ's lists are drained by workers, which do not run here.
    client.delete("rq:queue:jobmon-soon", *client.scan_iter("rq:job:*", count=5000))
    return times


def _store(client: Client, ruleset: RuleSet, stored: int, wanted: int) -> None:
    sample = _digest(ruleset, RunId(1), before=None)
    encode = msgspec.json.encode
    for start in range(stored, wanted, BATCH):
        with client.pipeline(transaction=False) as pipe:
            for number in range(start, min(start + BATCH, wanted)):
                at = datetime.now(UTC) - timedelta(minutes=number * 0.12)
                incident = replace(
                    sample.incident, incident_id=f"inc-{number:016x}", job_key=f"{number}"
                )
                key = f"jobmon:current:{WORKSPACE}:{number}"
                pipe.set(key, encode(incident))
                pipe.set(INCIDENT + incident.incident_id, key)
                pipe.set(DIGEST + incident.incident_id, encode(replace(sample, incident=incident)))
                pipe.zadd(ALL, {key: at.timestamp()})
                if number % SHARE_OPEN == 0:
                    pipe.zadd(OPEN, {key: at.timestamp()})
            pipe.execute()


def _digest(ruleset: RuleSet, run_id: RunId, *, before: Incident | None) -> Digest:
    now = datetime.now(UTC)
    error = "ModuleNotFoundError: No module named 'pandas_gbq'"
    failure = TaskFailure(task_key="load", run_id=TaskRunId(run_id + 1), error=error)
    run = Run(
        workspace_id=WORKSPACE,
        run_id=run_id,
        job_id=JobId(run_id),
        job_name=f"job_{run_id}",
        outcome=Outcome.FAILED,
        ended_at=now,
    )
    task = TaskDiagnosis(failure=failure, diagnosis=classify(failure, ruleset))
    diagnosis = RunDiagnosis(groups=group_causes([task]), failed_count=1)
    change = transition(before, RunObserved(run=run, diagnosis=diagnosis), now=now)
    if change.incident is None:
        raise RuntimeError("a failure makes an incident")
    return Digest(
        incident=change.incident,
        run=run,
        diagnosis=diagnosis,
        reason=NotifyReason.FIRST_FAILURE,
        at=now,
    )


def _reads(client: Client) -> dict[str, float]:
    queue, store = RqJobQueue(client), RedisStore(client)
    reads: dict[str, Callable[[], object]] = {
        "open incidents (100)": lambda: store.incidents(limit=100),
        "latest incidents (200)": lambda: store.incidents(open_only=False, limit=200),
        "readyz": queue.pulse,
        "metrics": store.counters,
        "dead letters": queue.dead_letters,
    }
    return {name: statistics.median(_timed(read) for _ in range(5)) for name, read in reads.items()}


def _timed(read: Callable[[], object]) -> float:
    began = perf_counter()
    read()
    return (perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
