"""The web process, with a real Redis, asked over Flask's test client or as gunicorn serves it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from jobmon.listening import reserve_port
from jobmon.settings import Settings
from jobmon.settings_reader import read_settings
from jobmon.store.client import Client
from tests.support.waiting import wait_until
from tests.support.web import web_client
from tests.webhook.raw_http import lives

ROOT = Path(__file__).parents[2]


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


@pytest.fixture(scope="module")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the served web process writes."""
    return tmp_path_factory.mktemp("web") / "log"


@pytest.fixture(scope="module")
def port(redis_url: str, log_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where gunicorn serves the app as `jobmon up` starts it, with shorter waits."""
    number = reserve_port()
    log = log_file.open("wb")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "-c", "python:tests.webhook.quick_server"),
            *("--bind", f"127.0.0.1:{number}", "webhook.app:create_app()"),
        ],
        cwd=ROOT,
        env={
            "REDIS_URL": redis_url,
            "JOBMON_WEBHOOK_USERNAME": "databricks",
            "JOBMON_WEBHOOK_PASSWORD": "secret",
            "JOBMON_DATA_DIR": str(tmp_path_factory.mktemp("data")),
            "PYTHONPATH": str(ROOT),
        },
        stderr=log,
    )
    wait_until(lambda: lives(number), within=30)
    yield number
    process.terminate()
    process.wait(10)
    log.close()
