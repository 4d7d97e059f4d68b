"""`jobmon incidents` and `jobmon replay`: what is open, and what could not be done."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from jobmon.cli.exit_codes import EXIT_FAILED
from jobmon.cli.shell import in_words, settings_from_environment
from jobmon.ports.store import MOST_OPEN
from jobmon.settings import Settings

if TYPE_CHECKING:
    from jobmon.ports.queue import JobQueue
    from jobmon.store.client import Client
    from notifiers.overview import Entry


@click.command()
@click.option("--all", "everything", is_flag=True, help="Resolved ones too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many to show."
)
@in_words
def incidents(*, everything: bool, as_json: bool, limit: int) -> None:
    """List what is open: first what nobody looks after, the severest, the oldest."""
    import msgspec  # noqa: PLC0415 (start-up time)

    from jobmon.store.redis_store import RedisStore  # noqa: PLC0415
    from notifiers.overview import overview  # noqa: PLC0415

    store = RedisStore(_client(settings_from_environment()))
    found = store.incidents(open_only=not everything, limit=limit if everything else MOST_OPEN)
    entries = overview(store.with_digests(found), now=datetime.now(UTC))
    if as_json:
        by_id = {incident.incident_id: incident for incident in found}
        for entry in entries[:limit]:
            known = msgspec.to_builtins(by_id[entry.incident_id])
            click.echo(msgspec.json.encode({**known, "cause": entry.cause, "url": entry.run_url}))
        return
    if not entries:
        nothing_open = "Nothing is open: no job is known to be failing."
        click.echo("No incident is remembered." if everything else nothing_open)
    for entry in entries[:limit]:
        click.echo(_lines(entry))
    if len(entries) > limit:
        click.echo(f"… and {len(entries) - limit} more: --limit shows them")


@click.command()
@click.argument("letters", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Replay every dead letter.")
@in_words
def replay(letters: tuple[str, ...], *, everything: bool) -> None:
    """List dead letters: work that was given up; or have LETTERS (their ids) tried again."""
    if letters and everything:
        raise click.UsageError("Give the ids of letters, or --all: not both.")
    from jobmon.queue.mailboxes import RqJobQueue  # noqa: PLC0415 (start-up time)

    queue = RqJobQueue(_client(settings_from_environment()))
    if not letters and not everything:
        _list(queue)
        return
    if everything:
        letters = tuple(letter.letter_id for letter in queue.each_dead_letter())
    gone = [letter_id for letter_id in letters if not queue.replay(letter_id)]
    click.echo(f"{len(letters) - len(gone)} put back.")
    for letter_id in gone:
        click.secho(f"✗ {letter_id}: there is no such dead letter", fg="red", err=True)
    if gone:
        raise SystemExit(EXIT_FAILED)


def _list(queue: "JobQueue") -> None:
    from notifiers.text import one_line  # noqa: PLC0415 (start-up time)

    found = False
    for letter in queue.each_dead_letter():
        found = True
        click.echo(
            f"{letter.letter_id}  {letter.died_at:%Y-%m-%d %H:%M}  "
            f"{letter.message.kind} {letter.message.key}: {one_line(letter.reason)}"
        )
    if not found:
        click.echo("There are no dead letters.")


def _client(settings: Settings) -> "Client":
    from jobmon.cli.connection import redis_of  # noqa: PLC0415 (start-up time)

    return redis_of(settings)


def _lines(entry: "Entry") -> str:
    cause = f": {entry.cause}" if entry.cause else ""
    facts = (
        entry.incident_id,
        f"{entry.began} {entry.since:%Y-%m-%d %H:%M} UTC",
        entry.failures,
        *map(str, entry.states),
        entry.run_url or entry.run,
    )
    return f"{entry.sign} {entry.name}{cause}\n   {' · '.join(fact for fact in facts if fact)}"
