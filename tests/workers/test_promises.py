"""What the parts promise each other, held in one place."""

from importlib import import_module

import pytest

from jobmon.databricks.client import RETRY_BUDGET_SECONDS, SOCKET_TIMEOUT_SECONDS
from jobmon.ports.queue import WorkKind
from jobmon.queue.functions import JOB_FUNCTIONS
from jobmon.queue.timeouts import ALIVE, HEARTBEAT, JOB_TIMEOUT, LEASE
from notifiers.email.smtp import TIMEOUT_SECONDS as SMTP_TIMEOUT_SECONDS
from notifiers.slack.web import TIMEOUT_SECONDS as SLACK_TIMEOUT_SECONDS


def test_timeouts_nest() -> None:
    assert SOCKET_TIMEOUT_SECONDS < RETRY_BUDGET_SECONDS < JOB_TIMEOUT.total_seconds()
    assert JOB_TIMEOUT.total_seconds() > SLACK_TIMEOUT_SECONDS
    assert JOB_TIMEOUT.total_seconds() > SMTP_TIMEOUT_SECONDS
    assert HEARTBEAT * 3 < LEASE < JOB_TIMEOUT
    assert HEARTBEAT * 3 < ALIVE < JOB_TIMEOUT


@pytest.mark.parametrize("kind", WorkKind)
def test_every_kind_of_work_has_a_job_function(kind: WorkKind) -> None:
    module, _, name = JOB_FUNCTIONS[kind].rpartition(".")

    assert callable(getattr(import_module(module), name))
