"""Growth: what one more event costs when many incidents are stored already.

    python -m bench.growth [--stored 0 10000 1000000] [--events 300]

The store is filled with what jobmon's own code writes (`bench.stored`, which compares a sample key
by key first): incidents of ninety days, one of fifty still open. Then events go the way of a
diagnosis through the real queue and store, without anything outside: put, take, transition, save,
record, done. Reads are the store's, behind commands and pages; commands go their whole way from
the queue to the answer, with a workspace and a Slack that answer at once. The server's own time for
an event is told beside what the client waits for.
"""

import argparse
import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from time import perf_counter, sleep

import msgspec

from bench.commands import COMMANDS, answered
from bench.house import server
from bench.measure import machine, table
from bench.stored import FIRST, WORKSPACE, check_the_copies, fill, first_failure, write
from jobmon.ports.queue import Lease, Message, Transaction, WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.redis_answers import text_of
from jobmon.run import RunEvent, RunEventKind, RunId
from jobmon.store.client import Client
from jobmon.store.redis_store import RedisStore
from rules.ruleset import RuleSet, load

HEAD = (
    "stored incidents",
    "event ms",
    "to the first",
    "p99 ms",
    "of it the server's CPU",
    "Redis kB an event",
    "to the first",
    "Redis MB in all",
    "filled in s",
)
NEW = FIRST * 5
RQ = "rq:queue:jobmon-soon"
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
    commands: list[tuple[object, ...]] = []
    first: tuple[float, float] | None = None
    with server() as (_, client, _folder):
        print(f"{check_the_copies(client, ruleset)} keys of a sample are as jobmon writes them")
        stored = 0
        for wanted in sorted(asked.stored):
            began = perf_counter()
            _fill(client, ruleset, stored, wanted, of=max(asked.stored))
            filled, stored = perf_counter() - began, wanted
            _events(client, ruleset, 50)
            before, busy = client.info("memory")["used_memory"], _server_seconds(client)
            times = sorted(_events(client, ruleset, asked.events))
            busy = (_server_seconds(client) - busy) / asked.events * 1000
            in_all = client.info("memory")["used_memory"]
            memory = (in_all - before) / asked.events / 1024
            median = statistics.median(times) * 1000
            first = first or (median, memory)
            p99 = times[int(len(times) * 0.99)] * 1000
            rows.append(
                (
                    f"{stored:,}", median, median / first[0], p99, busy, memory,
                    memory / first[1], in_all / 1024**2, filled,
                )
            )  # fmt: skip
            reads.append((f"{stored:,}", *_reads(client).values()))
            commands.append((f"{stored:,}", *answered(client, ruleset, stored=stored).values()))
        names = tuple(_reads(client))
    table("One more event, medians", HEAD, rows)
    table(
        "Reads behind commands and pages, ms (target below 100)",
        ("stored incidents", *names),
        reads,
    )
    table(
        "Commands, from the queue to their answer, ms (target below 100)",
        ("stored incidents", *COMMANDS),
        commands,
    )


def _fill(client: Client, ruleset: RuleSet, start: int, stop: int, *, of: int) -> None:
    """With the append-only file off: the rewrite that it would set off is not what is measured."""
    client.config_set("appendonly", "no")
    fill(client, ruleset, start, stop, of=of)
    client.config_set("appendonly", "yes")
    sleep(1)
    while client.info("persistence")["aof_rewrite_in_progress"]:
        sleep(0.2)
    client.config_set("auto-aof-rewrite-percentage", 0)


def _events(client: Client, ruleset: RuleSet, number: int) -> list[float]:
    queue, store = RqJobQueue(client), RedisStore(client)
    times = []
    for _ in range(number):
        job = NEW + next(_numbers)
        run_id = RunId(job * 10)
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

        def body(tx: Transaction, job: int = job, lease: Lease = lease) -> None:
            store.current_incident(WORKSPACE, str(job))
            write(store, first_failure(ruleset, job, at=datetime.now(UTC)), tx)
            queue.done(lease, tx=tx)

        store.transact([store.incident_key(WORKSPACE, str(job))], body)
        times.append(perf_counter() - began)
        # RQ's jobs are drained by workers, which do not run here.
        client.delete(*(f"rq:job:{text_of(item)}" for item in client.lrange(RQ, 0, -1)), RQ)
    return times


def _server_seconds(client: Client) -> float:
    """The time that the server's main thread has worked."""
    cpu = client.info("cpu")
    return float(cpu["used_cpu_user_main_thread"] + cpu["used_cpu_sys_main_thread"])


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
