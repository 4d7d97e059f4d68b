"""What the routes share: built once by `create_app`, found by the current app."""

from dataclasses import dataclass
from typing import cast

from flask import Flask

from jobmon.ports.queue import JobQueue
from jobmon.ports.store import Store
from jobmon.settings import Settings
from webhook.aside import Aside
from webhook.drainer import Drainer
from webhook.in_time import InTime
from webhook.intake import Intake
from webhook.spool import Spool
from webhook.tally import Tally

KEY = "jobmon"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The web process's parts."""

    settings: Settings
    queue: JobQueue
    store: Store
    spool: Spool
    intake: Intake
    tally: Tally
    drainer: Drainer
    in_time: InTime
    aside: Aside


def state_of(app: Flask) -> State:
    """The parts of this app."""
    return cast("State", app.extensions[KEY])
