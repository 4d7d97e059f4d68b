"""A failed run becomes one message, whatever comes in whatever order."""

from datetime import UTC, datetime

from jobmon.demo.scenarios import training
from tests.flow.conftest import CHANNEL, World

STARTED = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


def test_a_25_task_run_is_one_message_with_its_causes(world: World) -> None:
    world.workspace.add(training.failed(501, STARTED))

    assert world.fails(501).status_code == 202
    world.work()

    (message,) = world.slack.messages(CHANNEL)
    assert "train_models" in message.text
    assert len(world.mailbox.messages) == 1

