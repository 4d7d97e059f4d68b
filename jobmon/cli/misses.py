"""`jobmon rules misses`: failures that no rule knows, to write rules for."""

import sys
from typing import TextIO

import click

from jobmon.cli.diagnose_text import UnreadableLine, entry_of
from jobmon.cli.shell import in_words, loaded_rules, settings_from_environment
from jobmon.errors import InvalidPayload
from notifiers.text import counted
from rules.engine import classify
from rules.misses import Miss, grouped, is_miss, miss_of

ONE_A_LINE = 'write one {"text": "…"} a line'
MOST_SEEN = 1000


@click.command(short_help="Show what no rule knows.")
@click.argument("texts", nargs=-1, type=click.File("r", encoding="utf-8", errors="replace"))
@click.option("--seen", is_flag=True, help="What this installation met, as Redis remembers it.")
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many to show."
)
@in_words
def misses(texts: tuple[TextIO, ...], limit: int, *, seen: bool) -> None:
    """Show what no rule knows, the most frequent first: the backlog for new rules.

    TEXTS are JSONL files as `jobmon diagnose --jsonl` reads them, - is stdin (read too when
    nothing is given). `jobmon rules new --from-run` begins a rule with one of the runs named.
    """
    if seen and texts:
        raise click.UsageError("give TEXTS or --seen, not both")
    if not seen and not texts and sys.stdin.isatty():
        raise click.UsageError("give JSONL files, or --seen for what this installation met")
    if seen:
        found, unread = _misses_seen(), 0
    else:
        found, unread = _misses_in(texts or (sys.stdin,))
    for miss in found[:limit]:
        click.echo(_shown(miss))
    if unread:
        raise InvalidPayload(f"{counted(unread, 'line')} could not be read: {ONE_A_LINE}")


def _misses_in(streams: tuple[TextIO, ...]) -> tuple[list[Miss], int]:
    """What no rule knows of texts, and how many lines hold none."""
    ruleset, found, number, unread = loaded_rules(), [], 0, 0
    lines = (line for stream in streams for line in stream if line.strip())
    for number, line in enumerate(lines, start=1):
        try:
            diagnosis = classify(entry_of(line, number).failure, ruleset)
        except UnreadableLine:
            unread += 1
            continue
        if is_miss(diagnosis):
            found.append(miss_of(diagnosis))
    if not number:
        click.echo(f"No text was read: {ONE_A_LINE}, or use --seen.")
    elif not found and not unread:
        click.echo("Every text is known to a rule.")
    return grouped(found), unread


def _misses_seen() -> list[Miss]:
    from jobmon.cli.connection import redis_of  # noqa: PLC0415 (start-up time)
    from jobmon.store.redis_store import RedisStore  # noqa: PLC0415

    store = RedisStore(redis_of(settings_from_environment()))
    incidents = store.incidents(open_only=False, limit=MOST_SEEN)
    found, has_text = [], False
    for incident, digest in store.with_digests(incidents):
        if digest is None or incident.members:
            continue
        where = f"run {digest.run.run_id}"
        times = {cause.fingerprint: cause.runs for cause in incident.causes}
        has_text = has_text or bool(digest.diagnosis.groups)
        found += [
            miss_of(group.diagnosis, count=times.get(group.fingerprint, 1), where=where)
            for group in digest.diagnosis.groups
            if is_miss(group.diagnosis)
        ]
    if not has_text:
        click.echo("No failure with a text is remembered.")
    elif not found:
        click.echo("A rule knows every failure with a text that is remembered.")
    return grouped(found)


def _shown(miss: Miss) -> str:
    where = f"  {miss.where}" if miss.where else ""
    return f"{miss.count:5}  {miss.fingerprint}  {miss.headline[:160]!r}{where}"
