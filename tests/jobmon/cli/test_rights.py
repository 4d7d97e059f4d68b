"""The rights that the documentation names are enough, and one that is missing is said."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobmon.cli.connection import ask_redis
from jobmon.cli.rights import RIGHTS, missing_rights
from jobmon.errors import CredentialError, SettingsError
from jobmon.ports.queue import Message, WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.settings_reader import read_settings
from jobmon.store.client import Client, Profile, connect

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"
USER, PASSWORD = "app", "pw"

AsUser = Callable[[str], str]


@pytest.fixture
def as_user(client: Client, redis_url: str) -> Iterator[AsUser]:
    """The address for a user with these rights alone."""

    def address(rights: str) -> str:
        user = ("ACL", "SETUSER", USER, "reset", "on", f">{PASSWORD}", *rights.split())
        client.execute_command(*user)  # type: ignore[no-untyped-call]
        return redis_url.replace("unix://", f"unix://{USER}:{PASSWORD}@")

    yield address
    client.execute_command("ACL", "DELUSER", USER)  # type: ignore[no-untyped-call]


def test_the_documented_rights_are_enough(as_user: AsUser) -> None:
    url = as_user(RIGHTS)

    assert not list(missing_rights(connect(url, Profile.WEB)))
    assert "append-only file on" in ask_redis(read_settings({"REDIS_URL": url}))
    assert RIGHTS in OPERATIONS.read_text(encoding="utf-8")


def test_the_queue_works_with_them(as_user: AsUser) -> None:
    queue = RqJobQueue(connect(as_user(RIGHTS), Profile.WORKER))
    message = Message(kind=WorkKind.DELIVER, key="42", message_id="one", body=b"{}")
    queue.put(message)
    lease = queue.take(WorkKind.DELIVER, "42")
    assert lease is not None
    queue.bury(lease, reason="the channel is archived")
    (letter,) = queue.dead_letters()

    assert queue.replay(letter.letter_id)
    assert queue.pulse().mailboxes == 1
    assert queue.revive() == 0


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("~jobmon:*", "SET jobmon:check"),
        ("~rq:*", "BLMOVE rq:queue:jobmon-check"),
        ("&rq:pubsub:*", "SUBSCRIBE rq:pubsub:jobmon-check"),
        ("+info", "INFO server"),
    ],
)
def test_a_right_that_is_missing_is_said_with_all_that_are_needed(
    as_user: AsUser, left_out: str, said: str
) -> None:
    url = as_user(RIGHTS.replace(left_out, ""))

    with pytest.raises(SettingsError) as caught:
        ask_redis(read_settings({"REDIS_URL": url}))

    (fault,) = caught.value.faults
    assert said in fault
    assert RIGHTS in fault


def test_asking_changes_nothing(as_user: AsUser, client: Client) -> None:
    asking = connect(as_user(RIGHTS), Profile.WEB)

    assert not list(missing_rights(asking))
    assert not list(client.scan_iter())
    assert asking.ping(), "the connection is as good as before"


def test_a_user_who_is_not_let_in_is_told_so(as_user: AsUser) -> None:
    url = as_user(RIGHTS).replace(PASSWORD, "another")

    with pytest.raises(CredentialError, match="user or password"):
        ask_redis(read_settings({"REDIS_URL": url}))
