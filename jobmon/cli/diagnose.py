"""`jobmon diagnose`: a run, a text, or a file of texts."""

import sys
from functools import partial
from typing import BinaryIO, TextIO

import click

from jobmon.cli.exit_codes import EXIT_USAGE
from jobmon.cli.run_number import RUN_NUMBER, GivenRun
from jobmon.cli.shell import in_words, loaded_rules, of_workspace, settings_from_environment
from jobmon.errors import InvalidPayload, PermanentError


@click.command()
@click.argument("given", metavar="[RUN_ID]", type=RUN_NUMBER, required=False)
@click.option("--text", type=click.File("rb"), help="Diagnose the text in this file; - is stdin.")
@click.option(
    "--jsonl",
    type=click.File("r", encoding="utf-8", errors="replace"),
    help='Diagnose many: one {"id", "text", "field"} a line, answered in JSON; - is stdin.',
)
@click.option(
    "--json", "as_json", is_flag=True, help="Write JSON for machines (--jsonl always does)."
)
@click.option("--explain", is_flag=True, help="Say how the text was read and why a rule won.")
@of_workspace
@in_words
def diagnose(
    given: GivenRun | None,
    text: BinaryIO | None,
    jsonl: TextIO | None,
    *,
    as_json: bool,
    explain: bool,
    workspace: str,
) -> None:
    """Say why RUN_ID failed, or what a text means.

    RUN_ID is its number, or the address of its page. A run needs DATABRICKS_HOST and its
    credentials, or a profile; a text needs nothing. Exit code: 0 it was diagnosed, 4 it, or a line
    of --jsonl, could not be read.
    """
    if sum(item is not None for item in (given, text, jsonl)) != 1:
        click.echo("Give one of: RUN_ID, --text FILE, --jsonl FILE.", err=True)
        sys.exit(EXIT_USAGE)
    if explain and (as_json or jsonl is not None):
        click.echo("Give one of: --explain, for people; --json or --jsonl, for machines.", err=True)
        sys.exit(EXIT_USAGE)
    if given is not None:
        _diagnose_run(given, workspace, as_json=as_json, explain=explain)
    elif text is not None:
        _diagnose_text(text, as_json=as_json, explain=explain)
    elif jsonl is not None:
        _diagnose_lines(jsonl)


def _diagnose_text(text: BinaryIO, *, as_json: bool, explain: bool) -> None:
    from jobmon.cli import diagnose_text as texts  # noqa: PLC0415 (start-up time)

    ruleset = loaded_rules()
    try:
        if explain:
            click.echo(texts.explain_text(text, ruleset))
            return
        diagnosis = texts.diagnose_text(text, ruleset)
    except texts.EmptyText as exc:
        raise click.UsageError(str(exc)) from exc
    click.echo(texts.json_of(texts.record_of(diagnosis)) if as_json else texts.plain(diagnosis))


def _diagnose_lines(lines: TextIO) -> None:
    from jobmon.cli.diagnose_text import diagnose_jsonl, json_of  # noqa: PLC0415 (start-up time)

    unread = 0
    for record in diagnose_jsonl(lines, loaded_rules(), warn=partial(click.echo, err=True)):
        click.echo(json_of(record))
        unread += "error" in record
    if unread:
        raise InvalidPayload(f"{unread} of the lines could not be read: `error` says why in each")


def _diagnose_run(given: GivenRun, workspace: str, *, as_json: bool, explain: bool) -> None:
    from jobmon.cli import run_report  # noqa: PLC0415 (the SDK takes a second to import)

    settings = settings_from_environment()
    client = run_report.workspace_named(settings, workspace, given)
    with run_report.progress("reading the run") as tell:
        run = run_report.run_of(client, given.run_id)
        if run.outcome is None and not run.failed_tasks:
            raise PermanentError(
                f"run {given.run_id} has not ended: try `jobmon watch {given.run_id}`"
            )
        look = run_report.look_at(client, run, settings, tell)
    if as_json:
        click.echo(run_report.as_json(look))
    else:
        run_report.show(look, explain=explain, settings=settings)
