"""A worker process with a job of its own that says what it does: `python -m … URL ready-file`."""

import sys
import threading
from datetime import timedelta
from pathlib import Path

from jobmon.ports.queue import Urgency, WorkKind
from jobmon.queue.functions import JOB_FUNCTIONS
from jobmon.queue.heartbeat import keep_alive
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.queue.worker import MailboxWorker, run_worker
from jobmon.store.client import Profile, connect

STARTED = "test:started"
RELEASE = "test:release"
FINISHED = "test:finished"


def run(key: str) -> None:
    """Take the mailbox, say so, and end when the test lets it."""
    client = connect(sys.argv[1], Profile.WORKER)
    queue = RqJobQueue(client)
    lease = queue.take(WorkKind.DELIVER, key)
    if lease is None:
        return
    with keep_alive(queue, lease):
        client.rpush(STARTED, key)
        pause = threading.Event()
        while not client.exists(RELEASE):
            pause.wait(0.02)
    client.rpush(FINISHED, *(item.message_id for item in lease.messages))
    queue.done(lease)


if __name__ == "__main__":
    JOB_FUNCTIONS[WorkKind.DELIVER] = "tests.jobmon.queue.table_of_jobs.run"
    MailboxWorker.beats_every = timedelta(milliseconds=50)
    told_to_stop = threading.Event()
    run_worker(
        connect(sys.argv[1], Profile.WORKER, stop=told_to_stop),
        Urgency.SOON,
        stop=told_to_stop,
        preload=lambda: Path(sys.argv[2]).touch(),
    )
