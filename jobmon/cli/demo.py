"""`jobmon demo`: watch failures being explained, with nothing configured."""

import os
import signal
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobmon.cli.shell import in_words
from jobmon.listening import require_free_port, reserve_port
from jobmon.settings import Settings
from jobmon.settings_reader import MAX_PORT, redis_settings

if TYPE_CHECKING:
    from jobmon.demo.play import Demo, Played, Scene

HOST = "127.0.0.1"


@click.command()
@click.option("--once", is_flag=True, help="Play everything, then end.")
@click.option(
    "--port",
    default=0,
    type=click.IntRange(0, MAX_PORT),
    help="The web process's port; any free one by default.",
)
@in_words
def demo(*, once: bool, port: int) -> None:
    """Run jobmon against a pretend workspace, Slack and mailbox that speak real HTTP and SMTP.

    Needs no settings, uses none of yours, and leaves nothing behind.
    """
    from jobmon.cli.up import programs  # noqa: PLC0415 (start-up time)
    from jobmon.demo.play import RECOVERY, SCENES, Demo  # noqa: PLC0415
    from jobmon.supervisor import Supervisor, ending_signals  # noqa: PLC0415

    require_free_port(HOST, port, key="--port")
    redis = redis_settings(os.environ)
    chosen = port or reserve_port()
    settings = replace(Settings(), port=chosen)

    def supervise(environ: dict[str, str], log: Path) -> Supervisor:
        return Supervisor(programs(settings, host=HOST), environ=environ, output=log)

    for number in ending_signals():
        signal.signal(number, signal.default_int_handler)  # each ends all, as Ctrl-C does
    click.echo("Starting jobmon, a pretend Databricks workspace, a pretend Slack and a mailbox …")
    try:
        with Demo(port=chosen, supervise=supervise, redis_program=redis.program) as stage:
            click.secho(f"\nSee the Slack channel and the mailbox: {stage.page.url}\n", bold=True)
            for scene in (*SCENES, RECOVERY):
                _play(stage, scene)
            if not once:
                click.secho(f"\nStill to be seen at {stage.page.url}. Ctrl-C ends all.", bold=True)
                threading.Event().wait()
    except KeyboardInterrupt:
        pass
    click.echo("\nEverything has ended.")


def _play(stage: "Demo", scene: "Scene") -> None:
    click.secho(f"▶ {scene.title} …", fg="cyan")
    _show(stage.play(scene))
    stage.settle()


def _show(played: "Played") -> None:
    from rich.console import Console  # noqa: PLC0415 (start-up time)
    from rich.padding import Padding  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    console.print(Padding(Text(played.message.text), (0, 0, 0, 2)))
    console.print(
        Text(
            f"  webhook accepted in {_ms(played.accepted)}, "
            f"{played.reads} calls to Databricks (100 ms each), "
            f"message in Slack after {_ms(played.total)} (its own call takes 200 ms)\n",
            style="dim",
        )
    )


def _ms(duration: timedelta) -> str:
    return f"{duration.total_seconds() * 1000:.0f} ms"
