"""`jobmon audit`: who asked for what, and what came of it."""

import click

from jobmon.action import COMMAND_LINE, ActionOutcome
from jobmon.cli.shell import in_words, settings_from_environment

MAX_TEXT = 200


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option(
    "--limit",
    default=50,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="How many to show.",
)
@in_words
def audit(*, as_json: bool, limit: int) -> None:
    """List what people did or were refused, newest first."""
    import msgspec  # noqa: PLC0415 (start-up time)

    from jobmon.cli.connection import redis_of  # noqa: PLC0415
    from jobmon.store.redis_store import RedisStore  # noqa: PLC0415

    found = RedisStore(redis_of(settings_from_environment())).audit(limit=limit)
    if as_json:
        for outcome in found:
            click.echo(msgspec.json.encode(outcome))
        return
    if not found:
        click.echo("Nobody has done anything yet.")
    for outcome in found:
        click.echo(_line(outcome))


def _line(outcome: ActionOutcome) -> str:
    from notifiers.text import one_line, shorten  # noqa: PLC0415 (start-up time)

    action = outcome.action
    about = action.incident_id or (f"run {action.run_id}" if action.run_id else action.target)
    verdict = "done" if outcome.done else "asks again" if outcome.needs_confirmation else "not done"
    what = shorten(one_line(f"{action.kind} {action.target}"), MAX_TEXT)
    who = action.actor.user_id
    if action.actor.via == COMMAND_LINE:
        who = f"{shorten(one_line(who), MAX_TEXT)} ({COMMAND_LINE})"
    return (
        f"{outcome.at:%Y-%m-%d %H:%M:%S}  {who}  {what}  ({about})  {verdict}: "
        f"{shorten(one_line(outcome.text), MAX_TEXT)}"
    )
