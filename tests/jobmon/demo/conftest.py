"""A pretend Slack, and its own SDK as a client of it."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from jobmon.demo.slack import PretendSlack


@pytest.fixture
def slack() -> Iterator[PretendSlack]:
    with PretendSlack() as server:
        yield server


@pytest.fixture
def web(slack: PretendSlack) -> WebClient:
    return WebClient(slack.token, base_url=slack.url, retry_handlers=[])
