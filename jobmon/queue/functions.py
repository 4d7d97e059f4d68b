"""The job functions, by dotted name: all that a job may call."""

from jobmon.ports.queue import Urgency, WorkKind

JOB_FUNCTIONS = {
    WorkKind.DIAGNOSE: "workers.diagnose.run",
    WorkKind.DELIVER: "workers.deliver.run",
    WorkKind.ACT: "workers.act.job.run",
    WorkKind.SWEEP: "workers.sweep.run",
    WorkKind.STORM: "workers.storm.run",
}

QUEUE_NAMES = {Urgency.SOON: "jobmon-soon", Urgency.BULK: "jobmon-bulk"}
"""One queue for each worker process: RQ loses jobs of workers that listen to several."""


def urgency_of(queue_name: str) -> Urgency:
    """Which urgency a queue is for; a name that is not known is for people who wait."""
    return Urgency.BULK if queue_name == QUEUE_NAMES[Urgency.BULK] else Urgency.SOON
