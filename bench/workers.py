"""Workers: jobs a second, start latency and memory, beside the stock RQ worker.

    python -m bench.workers [--jobs 1000] [--rounds 3]

One worker process each, on messages that a worker finds nothing to do about (a run that began and
has no open incident), so that what is measured is the worker and the mailbox. The stock worker
forks for each job and imports the job's module there, as `rq worker` does; it takes a smaller
burst. Then a burst of bulk work with urgent work put behind it.
"""

import argparse
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from subprocess import Popen
from time import monotonic, sleep

import msgspec
from rq import Queue
from rq.serializers import JSONSerializer

from bench.house import environment, jobmon, program, server
from bench.measure import machine, percentile, resident_kb, table
from jobmon.ports.queue import Message, Urgency, WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.run import RunEvent, RunEventKind, RunId, WorkspaceId
from jobmon.store.client import Client

WORKSPACE = WorkspaceId(7474651234567890)
STOCK_QUEUE = "bench-stock"
LONGEST = 120.0
HEAD = (
    "worker", "jobs", "jobs/s", "to stock", "one job, put to done: p50 ms", "p99", "own memory MB",
)  # fmt: skip
Put = Callable[[], None]
_numbers = count(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print(machine())
    with server() as (url, client, folder):
        queue = RqJobQueue(client)

        def put() -> None:
            queue.put(_message())

        def put_stock() -> None:
            _stock_queue(client).enqueue(
                "workers.diagnose.run", "no-such-mailbox", result_ttl=0, description="bench"
            )

        ours = _measure(
            client, put, lambda: _worker(url, folder, Urgency.SOON), asked.jobs, asked.rounds,
            waiting=lambda: client.zcard("jobmon:wake"),
        )  # fmt: skip
        stock = _measure(
            client, put_stock, lambda: _stock_worker(url, folder), 20, asked.rounds,
            waiting=lambda: client.llen(f"rq:queue:{STOCK_QUEUE}") + _busy(client),
        )  # fmt: skip
        rows = [
            (name, jobs, figures[0], figures[0] / stock[0], *figures[1:])
            for name, jobs, figures in (
                ("jobmon, warm", asked.jobs, ours), ("stock rq worker, forks", 20, stock)
            )
        ]  # fmt: skip
        table("One worker process, medians", HEAD, rows)
        _urgent_first(client, queue, url, folder, asked.jobs)


def _measure(
    client: Client,
    put: Put,
    worker: Callable[[], AbstractContextManager["Popen[bytes]"]],
    jobs: int,
    rounds: int,
    *,
    waiting: Callable[[], int],
) -> tuple[float, float, float, float]:
    rates, latencies, memory = [], [], 0.0
    for _ in range(rounds):
        client.flushall()
        with worker() as process:
            _until(lambda: client.scard("rq:workers"))
            for _ in range(20 if jobs > 100 else 5):
                began = monotonic()
                put()
                _until(lambda: not waiting())
                latencies.append(monotonic() - began)
            # A worker rests after so many jobs and is started anew: stay below that.
            batch = min(jobs, 900)
            began = monotonic()
            for _ in range(batch):
                put()
            _until(lambda: not waiting())
            rates.append(batch / (monotonic() - began))
            memory = resident_kb(process.pid) / 1024
    return (
        statistics.median(rates),
        percentile(latencies, 0.5) * 1000,
        percentile(latencies, 0.99) * 1000,
        memory,
    )


def _is_gone(client: Client, key: str) -> bool:
    return not client.exists(key)


def _urgent_first(client: Client, queue: RqJobQueue, url: str, folder: Path, jobs: int) -> None:
    """How long an urgent message waits behind a burst of bulk work."""
    rows = []
    for name, urgency in (("soon", Urgency.SOON), ("bulk", Urgency.BULK)):
        client.flushall()
        for _ in range(jobs):
            queue.put(_message(), urgency=Urgency.BULK)
        with _worker(url, folder, Urgency.SOON), _worker(url, folder, Urgency.BULK):
            _until(lambda: client.scard("rq:workers") == 2)
            message = _message()
            began = monotonic()
            queue.put(message, urgency=urgency)
            box = f"jobmon:messages:{message.kind}:{message.key}"
            _until(partial(_is_gone, client, box))
            rows.append((name, jobs, (monotonic() - began) * 1000))
    table(
        f"A message put behind {jobs} bulk messages, a worker for each queue",
        ("its queue", "bulk messages before it", "done after ms"),
        rows,
    )


def _message() -> Message:
    number = next(_numbers)
    event = RunEvent(
        kind=RunEventKind.STARTED,
        workspace_id=WORKSPACE,
        run_id=RunId(number),
        received_at=datetime.now(UTC),
    )
    return Message(
        kind=WorkKind.DIAGNOSE,
        key=f"{WORKSPACE}-{number}",
        message_id=f"e-{number}",
        body=msgspec.json.encode(event),
    )


@contextmanager
def _worker(url: str, folder: Path, urgency: Urgency) -> Iterator[Popen[bytes]]:
    command = jobmon("worker", urgency.value)
    with program(command, environment(url, folder), folder / "worker.log") as process:
        yield process


@contextmanager
def _stock_worker(url: str, folder: Path) -> Iterator[Popen[bytes]]:
    command = (
        sys.executable, "-m", "rq.cli", "worker", "--url", url, "--serializer", "json", "--quiet",
        STOCK_QUEUE,
    )  # fmt: skip
    with program(command, environment(url, folder), folder / "stock.log") as process:
        yield process


def _stock_queue(client: Client) -> "Queue":
    return Queue(STOCK_QUEUE, connection=client, serializer=JSONSerializer)


def _busy(client: Client) -> int:
    return int(client.zcard(f"rq:wip:{STOCK_QUEUE}"))


def _until(is_so: Callable[[], object]) -> None:
    began = monotonic()
    while not is_so():
        if monotonic() - began > LONGEST:
            raise TimeoutError("the workers did not finish")
        sleep(0.001)


if __name__ == "__main__":
    main()
