"""`jobmon audit` lists what people did, also after a restart."""

import json
from datetime import UTC, datetime

from click.testing import CliRunner

from jobmon.action import Action, ActionKind, ActionOutcome, Actor
from jobmon.cli import main
from jobmon.ports.queue import Transaction
from jobmon.run import RunId
from jobmon.store.client import Client
from jobmon.store.redis_store import RedisStore

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def record(client: Client, *, text: str, done: bool = True) -> None:
    action = Action(
        action_id="a-1",
        kind=ActionKind.RERUN,
        actor=Actor(user_id="U0ANA00001"),
        asked_at=NOW,
        run_id=RunId(501),
    )
    outcome = ActionOutcome(action=action, done=done, text=text, at=NOW)
    store = RedisStore(client)

    def body(tx: Transaction) -> None:
        store.record_audit(tx, outcome)

    store.transact([], body)


def audit(redis_url: str, *options: str) -> str:
    result = CliRunner().invoke(main, ["audit", *options], env={"REDIS_URL": redis_url})
    assert result.exit_code == 0
    return result.output


def test_what_was_done_and_refused_is_listed_newest_first(client: Client, redis_url: str) -> None:
    record(client, text="asked to rerun and was refused", done=False)
    record(client, text="repairs run 501")
    first, second = audit(redis_url).splitlines()

    assert first == "2026-11-25 12:00:00  U0ANA00001  rerun  (run 501)  done: repairs run 501"
    assert "not done: asked to rerun" in second


def test_nothing_in_it_can_forge_a_line(client: Client, redis_url: str) -> None:
    record(client, text="x\n2026-11-25 \x1b[31mforged")

    assert len(audit(redis_url).splitlines()) == 1
    assert "\x1b" not in audit(redis_url)


def test_machines_get_json(client: Client, redis_url: str) -> None:
    record(client, text="repairs run 501")

    assert json.loads(audit(redis_url, "--json"))["action"]["run_id"] == 501


def test_an_empty_trail_says_so(client: Client, redis_url: str) -> None:
    assert "Nobody has done anything yet." in audit(redis_url)
