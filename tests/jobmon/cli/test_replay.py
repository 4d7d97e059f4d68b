"""`jobmon replay` lists what was given up, and has it tried again."""

from click.testing import CliRunner, Result

from jobmon.cli import main
from jobmon.cli.exit_codes import EXIT_FAILED
from jobmon.ports.queue import Message, WorkKind
from jobmon.queue.letters import DeadLetters
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.store.client import Client

MORE_THAN_A_PORTION = 1_050


def given_up(client: Client, count: int) -> None:
    """So many dead letters, all of one mailbox."""
    with client.pipeline() as pipe:
        for number in range(count):
            message = Message(
                kind=WorkKind.DELIVER, key="slack-C1", message_id=f"m-{number}", body=b"{}"
            )
            DeadLetters(client).write(pipe, message, reason="no token", tries=1)
        pipe.execute()


def replay(redis_url: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["replay", *arguments], env={"REDIS_URL": redis_url})


def test_without_dead_letters_that_is_said(client: Client, redis_url: str) -> None:
    assert replay(redis_url).output == "There are no dead letters.\n"


def test_every_dead_letter_is_listed_with_its_reason(client: Client, redis_url: str) -> None:
    given_up(client, MORE_THAN_A_PORTION)

    lines = replay(redis_url).output.splitlines()

    assert len(lines) == MORE_THAN_A_PORTION
    assert all(line.endswith("deliver slack-C1: no token") for line in lines)


def test_all_of_them_are_put_back_however_many_there_are(client: Client, redis_url: str) -> None:
    given_up(client, MORE_THAN_A_PORTION)

    result = replay(redis_url, "--all")

    assert result.output == f"{MORE_THAN_A_PORTION} put back.\n"
    queue = RqJobQueue(client)
    assert not queue.dead_letters()
    assert queue.has_work(WorkKind.DELIVER, "slack-C1")


def test_the_named_ones_are_put_back_and_an_unknown_name_is_a_fault(
    client: Client, redis_url: str
) -> None:
    given_up(client, 2)
    first, other = RqJobQueue(client).dead_letters()

    result = replay(redis_url, first.letter_id, "nothing")

    assert result.exit_code == EXIT_FAILED
    assert "1 put back." in result.output
    assert "✗ nothing: there is no such dead letter" in result.output
    assert RqJobQueue(client).dead_letters() == (other,)
