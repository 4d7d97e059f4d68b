"""`jobmon slack …`: set the Slack app up, look whether it is, and connect from inside."""

import os
import sys

import click

from jobmon.cli.exit_codes import EXIT_FAILED
from jobmon.cli.shell import in_words, settings_from_environment


@click.group()
def slack() -> None:
    """Set up the Slack app, check it, or connect by Socket Mode."""


@slack.command(short_help="Print the app's manifest, to paste into Slack.")
@click.option("--url", default="", help="The https:// address at which Slack reaches jobmon.")
@click.option("--socket-mode", is_flag=True, help="jobmon connects to Slack: no address needed.")
@in_words
def manifest(url: str, *, socket_mode: bool) -> None:
    """Print the app's manifest, to paste into "Create an app → From a manifest"."""
    import json  # noqa: PLC0415 (start-up time)

    from jobmon.slack_app.manifest import manifest as manifest_of  # noqa: PLC0415

    click.echo(json.dumps(manifest_of(url, socket_mode=socket_mode), indent=2))


@slack.command(short_help="Say what is missing, and what to do.")
@in_words
def check() -> None:
    """Say which scope, channel membership or setting is missing, and what to do."""
    from jobmon.slack_app.check import check as findings_of  # noqa: PLC0415 (start-up time)

    is_fine = True
    for finding in findings_of(settings_from_environment()):
        is_fine = is_fine and finding.is_fine
        if finding.is_fine:
            click.secho(f"✓ {finding.what}", fg="green")
        else:
            click.secho(f"✗ {finding.what}: {finding.remedy}", fg="red", err=True)
    if not is_fine:
        sys.exit(EXIT_FAILED)


@slack.command(short_help="Connect by Socket Mode, from behind a firewall.")
@in_words
def socket() -> None:
    """Take commands and clicks by Socket Mode, from behind a firewall. One process is enough."""
    import signal  # noqa: PLC0415 (start-up time)
    import threading  # noqa: PLC0415

    from jobmon.cli.connection import redis_of  # noqa: PLC0415
    from jobmon.cli.socket_mode import SocketMode, look_at_token  # noqa: PLC0415
    from jobmon.log import configure_logging  # noqa: PLC0415
    from jobmon.queue.mailboxes import RqJobQueue  # noqa: PLC0415
    from jobmon.start import look_at_redis_if_set, settings_to_start  # noqa: PLC0415

    settings = settings_to_start(os.environ, look_at_token, look_at_redis_if_set)
    configure_logging(settings.log_format)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    SocketMode(settings.slack, RqJobQueue(redis_of(settings))).run(stop)
