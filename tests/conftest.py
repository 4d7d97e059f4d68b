"""Fixtures that several packages' tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from jobmon.embedded import EmbeddedServer
from jobmon.store.client import Client, Profile, connect

EMULATOR = Path(__file__).parent.parent / "node_modules" / "emulate"
HAS_EMULATOR = EMULATOR.exists()
collect_ignore = [] if HAS_EMULATOR else ["emulated"]

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_report_header() -> str:
    """Say it where the tests against a Slack that others wrote are not among the rest."""
    if HAS_EMULATOR:
        return "emulated Slack: installed"
    return "emulated Slack: NOT INSTALLED, tests/emulated is left out; `make messages` has it"


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server of this test session's own."""
    server = EmbeddedServer(Path(tmp_path_factory.mktemp("redis")))
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def client(redis_url: str) -> Iterator[Client]:
    """A client of a real, empty server."""
    connected = connect(redis_url, Profile.WORKER)
    connected.flushall()
    yield connected
    connected.close()
