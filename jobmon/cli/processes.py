"""`jobmon worker` and `jobmon scheduler`: one process each, as the Procfile names them."""

import os

import click

from jobmon.cli.rules_at_start import load_rules, look_at_disabled
from jobmon.cli.shell import in_words
from jobmon.settings import Settings


@click.command()
@click.argument("queue", type=click.Choice(["soon", "bulk"]), default="soon")
@in_words
def worker(queue: str) -> None:
    """Take jobs from QUEUE: `soon` (by default) for what people wait for, `bulk` for sweeps.

    Needs REDIS_URL. Any number may run, at least one of each; `jobmon up` starts them all.
    """
    settings = _settings_that_log()
    from jobmon.ports.queue import Urgency  # noqa: PLC0415 (start-up time)
    from workers.main import work  # noqa: PLC0415

    work(settings, Urgency(queue))


@click.command()
@in_words
def scheduler() -> None:
    """Wake what is due, find what was lost, ask for sweeps.

    Needs REDIS_URL. One has to run, any number may; `jobmon up` starts one.
    """
    settings = _settings_that_log()
    from workers.main import schedule  # noqa: PLC0415 (start-up time)

    schedule(settings)


def _settings_that_log() -> Settings:
    from jobmon.log import configure_logging  # noqa: PLC0415 (start-up time)
    from jobmon.start import look_at_redis, settings_to_start  # noqa: PLC0415

    settings = settings_to_start(os.environ, look_at_redis, load_rules, look_at_disabled)
    configure_logging(settings.log_format)
    return settings
