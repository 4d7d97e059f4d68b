"""The `jobmon` command. Each subcommand's module is imported only when it is called."""

import os
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from jobmon.cli.endings import endings_in_words

COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("jobmon.cli.up:up", "Run everything: web, workers, scheduler, an embedded Redis."),
    "demo": ("jobmon.cli.demo:demo", "See it work on pretend failures; nothing has to be set."),
    "check": (
        "jobmon.cli.check:check",
        "Check settings, rules, routes; with --connect, services.",
    ),
    "diagnose": (
        "jobmon.cli.diagnose:diagnose",
        "Say why a run failed, or what a text means.",
    ),
    "watch": ("jobmon.cli.watch:watch", "Follow a run to its end, then diagnose it."),
    "runs": ("jobmon.cli.runs:runs", "List recent runs."),
    "rerun": ("jobmon.cli.rerun:rerun", "Repair a failed run: its failed tasks, in place."),
    "cancel": ("jobmon.cli.rerun:cancel", "Ask a run to stop."),
    "rules": ("jobmon.cli.rules:rules", "List, explain, test and write rules."),
    "incidents": ("jobmon.cli.incidents:incidents", "List open incidents."),
    "replay": (
        "jobmon.cli.incidents:replay",
        "List given-up work, or have it tried again.",
    ),
    "audit": ("jobmon.cli.audit:audit", "List who did what, or was refused it."),
    "slack": ("jobmon.cli.slack:slack", "Set up the Slack app, check it, connect to it."),
    "routes": ("jobmon.cli.routes:routes", "Say where a job's failure would be told, and why."),
    "worker": ("jobmon.cli.processes:worker", "Run one worker (see the Procfile)."),
    "scheduler": ("jobmon.cli.processes:scheduler", "Run the scheduler (see the Procfile)."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name, and imports one only to run it.

    Whatever a command is ended by is told here, for all of them.
    """

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 (as in click)
    ) -> click.Context:
        """Read the options; `--help` and `--version` are answered here."""
        with endings_in_words():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        with endings_in_words():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands in the order people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command's module and return it."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; for one that is mistyped, the nearest is named."""
        name = args[0]
        near = get_close_matches(name, COMMANDS, n=1)
        if near and name not in COMMANDS:
            ctx.fail(f"No such command {name!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jobmon", prog_name="jobmon")
@click.pass_context
def main(ctx: click.Context) -> None:
    """One message per failed Databricks job: what broke, why, and whether a rerun helps.

    Begin with `jobmon demo`, which needs nothing. `jobmon check` says what is set and what is
    not; `jobmon up` runs everything.
    """
    if os.environ.get("NO_COLOR"):  # https://no-color.org; click does not ask for it
        ctx.color = False
