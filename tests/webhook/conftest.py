"""The web process, with a real Redis, asked over Flask's test client."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from jobmon.settings import Settings
from jobmon.settings_reader import read_settings
from jobmon.store.client import Client
from tests.support.web import web_client


@pytest.fixture
def settings(redis_url: str, tmp_path: Path) -> Settings:
    """Settings as an operator would give them."""
    return read_settings(
        {
            "REDIS_URL": redis_url,
            "JOBMON_WEBHOOK_USERNAME": "databricks",
            "JOBMON_WEBHOOK_PASSWORD": "secret",
            "SLACK_SIGNING_SECRET": "signing-secret",
            "JOBMON_DATA_DIR": str(tmp_path / "data"),
        }
    )


@pytest.fixture
def web(settings: Settings, client: Client) -> Iterator[FlaskClient]:
    """The app, with an empty Redis behind it."""
    with web_client(settings) as client_of_app:
        yield client_of_app


@pytest.fixture
def web_without_redis(tmp_path: Path) -> Iterator[FlaskClient]:
    """The app while its Redis is away."""
    settings = read_settings(
        {
            "REDIS_URL": f"unix://{tmp_path}/nobody.sock",
            "JOBMON_WEBHOOK_USERNAME": "databricks",
            "JOBMON_WEBHOOK_PASSWORD": "secret",
            "SLACK_SIGNING_SECRET": "signing-secret",
            "JOBMON_DATA_DIR": str(tmp_path / "data"),
        }
    )
    with web_client(settings) as client_of_app:
        yield client_of_app
