"""Redis' memory after ninety days of failures, and after more: does it stay bounded?

    python -m bench.ninety_days [--days 110] [--failures 1000]

The store's own code writes every failure, with the time as its argument; only the round trips are
shared by many of them. As the simulated days go by every key's time to live is shortened by them,
and what has none left is removed, as the server would have done. Two kinds of days: jobs that
fail again and again, and, as the worst, failures of which each is an incident of its own.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter

import msgspec

from bench.failing_jobs import Jobs
from bench.house import server
from bench.measure import machine, table
from jobmon.digest import Delivery, DeliveryKind, Destination, Digest, Note, Receipt
from jobmon.ports.queue import Message, Transaction, WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.redis_answers import text_of
from jobmon.run import Outcome
from jobmon.settings import Policy
from jobmon.store.client import Client
from jobmon.store.redis_store import RedisStore
from rules.ruleset import load
from workers.tell import deliveries_for

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
BATCH = 100
SAMPLE = 300
LATEST_DAYS = 9
"""What is kept for a week or less is written in the last days only."""
RQ = "rq:queue:jobmon-soon"
AGE = """
-- Some of all keys, from a cursor on: their time to live is shortened.
local found = redis.call('SCAN', ARGV[1], 'COUNT', 20000)
local by = tonumber(ARGV[2])
for _, key in ipairs(found[2]) do
  local left = redis.call('PTTL', key)
  if left >= 0 and left <= by then
    redis.call('UNLINK', key)
  elseif left > 0 then
    redis.call('PEXPIRE', key, left - by)
  end
end
return found[1]
"""
AGE_EVERY = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=110)
    parser.add_argument("--failures", type=int, default=1000)
    asked = parser.parse_args()
    print(machine())
    for each_is_new in (False, True):
        _simulate(asked.days, asked.failures, each_is_new=each_is_new)


def _simulate(days: int, failures: int, *, each_is_new: bool) -> None:
    name = "each an incident of its own" if each_is_new else "400 jobs, again and again"
    began = perf_counter()
    rows: list[tuple[object, ...]] = []
    with server() as (_, client, _folder):
        client.config_set("appendonly", "no")
        jobs = Jobs(load((), ()), each_is_new)
        empty = client.info("memory")["used_memory"]
        for day in range(1, days + 1):
            latest = day > days - LATEST_DAYS
            _one_day(client, jobs, BEGIN + day * DAY, failures, latest=latest)
            if day % AGE_EVERY == 0:
                _age(client, DAY * AGE_EVERY)
            if day % 10 == 0 or day == days:
                used = client.info("memory")["used_memory"] - empty
                each = used / (min(day, 90) * failures) / 1024
                rows.append((day, f"{client.dbsize():,}", used / 1024**2, each))
        title = f"{failures} failures a day, {name} ({perf_counter() - began:.0f} s)"
        table(title, ("day", "keys", "MB", "kB for a failure of the last 90 days"), rows)
        table("What is in it at the end", ("keys", "number", "MB"), _kinds(client))


def _one_day(client: Client, jobs: Jobs, day: datetime, failures: int, *, latest: bool) -> None:
    store, queue = RedisStore(client), RqJobQueue(client)
    for start in range(0, failures, BATCH):
        digests = [
            digest
            for number in range(start, min(start + BATCH, failures))
            for digest in jobs.failure(day + DAY / failures * number)
        ]
        deliveries = [
            delivery for digest in digests for delivery in (*_planned(digest), *_detail(digest))
        ]
        store.transact([], partial(_write, store, digests, deliveries))
        if latest:
            for digest in digests:
                _through_the_queue(queue, store, digest)
            for delivery in deliveries:
                _pass(queue, WorkKind.DELIVER, delivery.delivery_id)
            client.delete(*(f"rq:job:{text_of(item)}" for item in client.lrange(RQ, 0, -1)), RQ)


def _planned(digest: Digest) -> tuple[Delivery, ...]:
    known = digest.incident.version > 1
    told = digest.incident.destinations if known else ()
    return deliveries_for(digest, (), policy=Policy(), told=told)


def _detail(digest: Digest) -> Iterator[Delivery]:
    """The full error, which goes into the thread when a cause is new."""
    yield Delivery(
        delivery_id=f"d-detail-{digest.incident.incident_id[4:]}-{digest.incident.version}",
        destination=Destination.parse("slack:C0123456789"),
        kind=DeliveryKind.NOTE,
        digest=digest,
        note=Note(text="The full error of load:"),
    )


def _write(
    store: RedisStore, digests: list[Digest], deliveries: list[Delivery], tx: Transaction
) -> None:
    for digest in digests:
        run, key = digest.run, digest.incident.job_key
        store.save_incident(tx, digest.incident)
        store.save_digest(tx, digest)
        for fingerprint in sorted(digest.diagnosis.fingerprints):
            store.record_sighting(
                tx,
                workspace_id=run.workspace_id,
                job_key=key,
                fingerprint=fingerprint,
                run_id=run.run_id,
                at=digest.at,
            )
        if run.outcome is Outcome.SUCCEEDED:
            for cause in digest.incident.causes:
                store.record_cure(
                    tx,
                    workspace_id=run.workspace_id,
                    job_key=key,
                    fingerprint=cause.fingerprint,
                    how=digest.incident.resolved_how,
                )
        store.remember_run(tx, run)
    for delivery in deliveries:
        receipt = Receipt(
            delivery_id=delivery.delivery_id,
            destination=delivery.destination,
            channel=delivery.destination.address,
            message_id=f"{delivery.digest.at.timestamp():.6f}",
            sent_at=delivery.digest.at,
        )
        incident_id = delivery.digest.incident.incident_id
        store.record_receipt(tx, incident_id=incident_id, delivery=delivery, receipt=receipt)


def _through_the_queue(queue: RqJobQueue, store: RedisStore, digest: Digest) -> None:
    """What an event, its run in a sweep's list and an action leave behind for some days."""
    run = digest.run
    _pass(queue, WorkKind.DIAGNOSE, f"e-{run.run_id}")
    _pass(queue, WorkKind.ACT, f"a-{run.run_id}")
    name = f"sighted-{run.workspace_id}-{run.run_id}-{int(digest.at.timestamp())}"
    store.remember_once(name, ttl=timedelta(days=4), value="webhook")


def _pass(queue: RqJobQueue, kind: WorkKind, name: str) -> None:
    body = msgspec.json.encode(name)
    queue.put(Message(kind=kind, key=name, message_id=name, body=body))
    lease = queue.take(kind, name)
    if lease is None:
        raise RuntimeError(f"{name} is not in its mailbox")
    queue.done(lease)


def _age(client: Client, duration: timedelta) -> None:
    """So much time has passed."""
    age = client.register_script(AGE)
    cursor = b"0"
    while True:
        cursor = age(args=[cursor, int(duration.total_seconds() * 1000)])
        if cursor == b"0":
            return


def _kinds(client: Client) -> list[tuple[object, ...]]:
    """Keys by what they begin with; memory from a sample of each kind."""
    number: Counter[str] = Counter()
    sampled: Counter[str] = Counter()
    memory: Counter[str] = Counter()
    for key in client.scan_iter(count=2000):
        kind = ":".join(text_of(key).split(":")[:2])
        number[kind] += 1
        if sampled[kind] < SAMPLE:
            sampled[kind] += 1
            memory[kind] += client.memory_usage(key, samples=0) or 0
    found = [(kind, count, memory[kind] / sampled[kind] * count) for kind, count in number.items()]
    found.sort(key=lambda item: -item[2])
    return [(kind, f"{count:,}", total / 1024**2) for kind, count, total in found if total > 1024]


if __name__ == "__main__":
    main()
