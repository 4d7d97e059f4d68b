"""What stands in the channel."""

from datetime import UTC, datetime, timedelta

from jobmon.demo.slack import Message
from tests.flow.conftest import CHANNEL, World

STARTED = datetime.now(UTC) - timedelta(minutes=30)


def messages(world: World) -> tuple[Message, ...]:
    """The messages of the channel itself."""
    return world.slack.messages(CHANNEL)
