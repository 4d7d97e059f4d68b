"""`jobmon up`: everything with one command, and nothing left behind."""

import os
import sys
from collections.abc import Mapping

import click

from jobmon.cli.kept_password import kept_password
from jobmon.cli.rules_at_start import load_rules, look_at_disabled
from jobmon.cli.shell import in_words
from jobmon.digest import DestinationKind
from jobmon.listening import require_free_port
from jobmon.settings import Settings
from jobmon.settings_reader import port_of
from jobmon.supervisor import Program, Supervisor, stop_on_signals

ANYWHERE = "0.0.0.0"  # noqa: S104 (webhooks come from outside)
NO_CREDENTIALS = (
    "! Databricks is not set up: no run can be read and no sweep is made until it is. Set\n"
    "  DATABRICKS_HOST with DATABRICKS_TOKEN, or with DATABRICKS_CLIENT_ID and\n"
    "  DATABRICKS_CLIENT_SECRET, or DATABRICKS_CONFIG_PROFILE; then start again."
)


@click.command()
@in_words
def up() -> None:
    """Run web, workers, scheduler, and an embedded Redis if REDIS_URL is not set.

    Ctrl-C ends all of them. `jobmon check` looks at the settings without starting anything.
    """
    from jobmon.embedded import EmbeddedServer  # noqa: PLC0415 (start-up time)
    from jobmon.log import configure_logging  # noqa: PLC0415

    settings = _settings()
    configure_logging(settings.log_format)
    environ = dict(os.environ)
    server = EmbeddedServer(settings.data_dir, program=settings.redis.program)
    try:
        if not settings.redis.url:
            server.start()
            environ["REDIS_URL"] = server.url
        password = _webhook_password(settings, environ)
        supervisor = Supervisor(programs(settings), environ=environ)
        stop_on_signals(supervisor)
        supervisor.run(started=lambda: _welcome(settings, password), meanwhile=server.look_after)
    finally:
        server.stop()


def _settings() -> Settings:
    """What would end one of the programs, again and again, is said before any is started."""
    from jobmon import start  # noqa: PLC0415 (start-up time)

    looks = (start.look_at_data_folder, start.look_at_redis_if_set, _look_at_port)
    return start.settings_to_start(os.environ, load_rules, look_at_disabled, *looks)


def _look_at_port(environ: Mapping[str, str]) -> None:
    require_free_port(ANYWHERE, port_of(environ), key="PORT")


def programs(settings: Settings, *, host: str = ANYWHERE) -> tuple[Program, ...]:
    """The processes of one machine; each name as in the Procfile."""
    jobmon = (sys.executable, "-m", "jobmon")
    web = (
        sys.executable, "-m", "gunicorn", "-c", "python:webhook.server",
        "--bind", f"{host}:{settings.port}", "webhook.app:create_app()",
    )  # fmt: skip
    by_socket = bool(settings.slack.app_token)
    soon = (Program(name="worker", command=(*jobmon, "worker", "soon")),) * settings.workers
    return (
        Program(name="web", command=web),
        *soon,
        Program(name="bulk", command=(*jobmon, "worker", "bulk")),
        Program(name="scheduler", command=(*jobmon, "scheduler")),
        *((Program(name="socket", command=(*jobmon, "slack", "socket")),) * by_socket),
    )


def _webhook_password(settings: Settings, environ: dict[str, str]) -> str:
    """A password of our own while none is set, kept for the next start."""
    if settings.webhook.username:
        return ""
    password = kept_password(settings.data_dir)
    environ["JOBMON_WEBHOOK_USERNAME"] = "databricks"
    environ["JOBMON_WEBHOOK_PASSWORD"] = password
    return password


def _welcome(settings: Settings, password: str) -> None:
    from jobmon.databricks.client import is_set_up  # noqa: PLC0415 (start-up time)
    from workers.route import default_destinations  # noqa: PLC0415

    is_any_missing = not all(map(is_set_up, settings.workspaces))
    click.echo(f"jobmon listens on port {settings.port}: POST /webhooks/databricks")
    if password:
        click.echo(f"  user name databricks, password {password}")
        click.echo("  (made for you; set JOBMON_WEBHOOK_USERNAME and JOBMON_WEBHOOK_PASSWORD)")
    click.echo(f"  failures go to {_in_words(default_destinations(settings))}")
    if is_any_missing:
        click.secho(NO_CREDENTIALS, fg="yellow")
    click.echo("  Ctrl-C ends everything.")


def _in_words(destinations: tuple[str, ...]) -> str:
    if destinations == (f"{DestinationKind.CONSOLE}:",):
        return "this terminal: neither a Slack channel nor mail is set"
    return ", ".join(destinations)
