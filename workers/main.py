"""The composition root of the worker and scheduler processes."""

import signal
import threading
from functools import cache, partial
from importlib import import_module

import structlog

from jobmon.databricks.client import is_set_up
from jobmon.databricks.workspaces import SdkWorkspaces
from jobmon.digest import Destination
from jobmon.errors import JobmonError, NotSetUp
from jobmon.ports.notifier import Notifier
from jobmon.ports.queue import Urgency
from jobmon.queue.functions import JOB_FUNCTIONS
from jobmon.queue.keeper import keep
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.queue.worker import run_worker
from jobmon.settings import Settings, WorkspaceSettings
from jobmon.store.client import Client, Profile, connect
from jobmon.store.limiter import RedisLimiter
from jobmon.store.redis_store import RedisStore
from jobmon.store.waiting import wait_for_redis
from notifiers.registry import notifier_for
from notifiers.slack.people import SlackDirectory, SlackReplies
from rules.ruleset import load
from workers.heartbeat import Heart
from workers.poison import give_up_poison
from workers.rates import CountedLimiter
from workers.services import Services, install
from workers.watch import Watch

log = structlog.get_logger()


def build_services(settings: Settings, client: Client) -> Services:
    """Build everything that jobs need; connections are made when they are first used.

    Raises SettingsError when the user's rules are broken.
    """
    store = RedisStore(client)
    limiter = CountedLimiter(RedisLimiter(client), store)

    @cache
    def notifier(kind: Destination) -> Notifier:
        return notifier_for(kind, settings)

    return Services(
        settings=settings,
        queue=RqJobQueue(client),
        store=store,
        workspaces=SdkWorkspaces(
            settings.workspaces, limiter=limiter, read_job_tags=_needs_job_tags(settings)
        ),
        notifier=lambda destination: notifier(Destination(kind=destination.kind)),
        limiter=limiter,
        replies=SlackReplies(settings.slack),
        directory=SlackDirectory(settings.slack),
        ruleset=load(settings.rules.paths, settings.rules.disabled),
    )


def _needs_job_tags(settings: Settings) -> bool:
    """Whether a setting asks for a job's tags, which cost a call more for each run."""
    return (
        any(row.tags or row.owners for rows in settings.conditions.values() for row in rows)
        or any(route.severities for route in settings.routes)
        or any(permission.tags for permission in settings.permissions)
    )


def work(settings: Settings, urgency: Urgency) -> None:
    """Run one worker until it is told to stop."""
    stop = threading.Event()
    client = connect(settings.redis.url.reveal(), Profile.WORKER, stop=stop)
    # Until the worker takes signals itself, one ends the process.
    wait_for_redis(settings.redis.url.reveal(), stop)
    run_worker(client, urgency, stop=stop, preload=lambda: preload(settings, client))


def preload(settings: Settings, client: Client) -> None:
    """Have everything ready for the first job: code, services, workspaces' clients."""
    for name in JOB_FUNCTIONS.values():
        import_module(name.rpartition(".")[0])
    services = build_services(settings, client)
    install(services)
    threading.Thread(target=_connect_ahead, args=(services,), daemon=True).start()


def _connect_ahead(services: Services) -> None:
    """Build the workspaces' clients before the first failure needs one; each asks its host."""
    try:
        services.workspaces.all()
    except NotSetUp:
        log.debug("workspace.not_set_up")  # the scheduler says so, once
    except JobmonError as exc:
        # Whatever is wrong is met again, and told, by the first job that needs the workspace.
        log.warning("workspace.not_reached", reason=str(exc))


def schedule(settings: Settings) -> None:
    """Run the keeper and the watch until told to stop; any number may run."""
    stop = threading.Event()
    client = connect(settings.redis.url.reveal(), Profile.WORKER, stop=stop)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if not wait_for_redis(settings.redis.url.reveal(), stop):
        return
    services = build_services(settings, client)
    watch = Watch(
        services,
        heart=Heart(settings.policy.heartbeat_url),
        swept=_swept(settings),
    )
    keep(RqJobQueue(client), stop=stop, also=watch, give_up=partial(give_up_poison, services))


def _swept(settings: Settings) -> tuple[WorkspaceSettings, ...]:
    """The workspaces that can be signed in to; the others are named, once."""
    swept = tuple(item for item in settings.workspaces if is_set_up(item))
    for item in settings.workspaces:
        if item not in swept:
            log.info("sweep.left_out", workspace=item.name, reason="no credentials are set")
    return swept
