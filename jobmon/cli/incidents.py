"""`jobmon incidents` and `jobmon replay`: what is open, and what could not be done."""

from typing import TYPE_CHECKING

import click

from jobmon.cli.shell import EXIT_FAILED, in_words, settings_from_environment
from jobmon.incident import Incident
from jobmon.settings import Settings

if TYPE_CHECKING:
    from jobmon.store.client import Client


@click.command()
@click.option("--all", "everything", is_flag=True, help="Resolved ones too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@in_words
def incidents(*, everything: bool, as_json: bool, limit: int) -> None:
    """List open incidents, latest change first."""
    import msgspec  # noqa: PLC0415 (start-up time)

    from jobmon.store.redis_store import RedisStore  # noqa: PLC0415
    from notifiers.wording import cause_in_short  # noqa: PLC0415

    store = RedisStore(_client(settings_from_environment()))
    found = store.incidents(open_only=not everything, limit=limit)
    if as_json:
        for incident in found:
            click.echo(msgspec.json.encode(incident))
        return
    if not found:
        click.echo("No incident is open.")
    for incident in found:
        digest = store.digest(incident.incident_id)
        click.echo(_line(incident, cause_in_short(digest.diagnosis) if digest else ""))


@click.command()
@click.argument("letters", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Replay every dead letter.")
@in_words
def replay(letters: tuple[str, ...], *, everything: bool) -> None:
    """List dead letters: work that was given up; or have LETTERS (their ids) tried again."""
    from jobmon.queue.mailboxes import RqJobQueue  # noqa: PLC0415 (start-up time)

    queue = RqJobQueue(_client(settings_from_environment()))
    dead = queue.dead_letters(limit=1000)
    if not letters and not everything:
        for letter in dead:
            click.echo(
                f"{letter.letter_id}  {letter.died_at:%Y-%m-%d %H:%M}  "
                f"{letter.message.kind} {letter.message.key}: {letter.reason}"
            )
        if not dead:
            click.echo("There are no dead letters.")
        return
    chosen = [letter.letter_id for letter in dead] if everything else letters
    gone = [letter_id for letter_id in chosen if not queue.replay(letter_id)]
    click.echo(f"{len(chosen) - len(gone)} put back.")
    for letter_id in gone:
        click.secho(f"✗ {letter_id}: there is no such dead letter", fg="red", err=True)
    if gone:
        raise SystemExit(EXIT_FAILED)


def _client(settings: Settings) -> "Client":
    from jobmon.cli.connection import redis_of  # noqa: PLC0415 (start-up time)

    return redis_of(settings)


def _line(incident: Incident, cause: str) -> str:
    by = f" by {incident.acknowledged_by}" if incident.acknowledged_by else ""
    return (
        f"{incident.incident_id}  {incident.state}{by}  since {incident.opened_at:%Y-%m-%d %H:%M}  "
        f"failed {incident.failure_count} times  {incident.job_name or incident.job_key}"
        f"{': ' if cause else ''}{cause}"
    )
