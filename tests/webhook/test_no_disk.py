"""Where the data directory takes nothing the web process says so, and never answers 500."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from jobmon.errors import SettingsError
from jobmon.settings_reader import read_settings
from tests.support.web import web_client
from tests.webhook.test_routes import post
from webhook.app import create_app


def test_with_neither_redis_nor_a_disk_it_says_so(
    web_without_redis: FlaskClient, tmp_path: Path
) -> None:
    (tmp_path / "data").rename(tmp_path / "gone") if (tmp_path / "data").exists() else None
    (tmp_path / "data").write_text("no folder", encoding="utf-8")

    answer = post(web_without_redis)
    report = web_without_redis.get("/readyz")
    metrics = web_without_redis.get("/metrics")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert report.status_code == 503
    assert report.get_json()["problems"][0].startswith(
        "Redis does not answer: events are refused: the spool in "
    )
    assert metrics.status_code == 200


def test_a_full_spool_is_not_said_to_take_events(tmp_path: Path) -> None:
    environ = {
        "REDIS_URL": f"unix://{tmp_path}/nobody.sock",
        "JOBMON_WEBHOOK_USERNAME": "databricks",
        "JOBMON_WEBHOOK_PASSWORD": "secret",
        "JOBMON_DATA_DIR": str(tmp_path / "data"),
    }
    settings = read_settings(environ)
    small = replace(settings, webhook=replace(settings.webhook, spool_limit=1))
    with web_client(small) as web:
        before = web.get("/readyz").get_json()["problems"]
        post(web)
        after = web.get("/readyz").get_json()["problems"]

    assert before == ["Redis does not answer: events wait in the local spool"]
    assert after == [
        "Redis does not answer: events are refused: the spool holds 1 events: bring Redis back"
    ]


def test_an_app_whose_data_directory_cannot_be_written_does_not_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").touch()
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:9")
    monkeypatch.setenv("JOBMON_DATA_DIR", str(tmp_path / "data"))

    with pytest.raises(SettingsError, match=r"^JOBMON_DATA_DIR: .* cannot be written"):
        create_app()


def test_an_app_that_does_not_start_says_all_that_is_wrong(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").touch()
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("JOBMON_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JOBMON_LOG_FORMAT", "xml")

    with pytest.raises(SettingsError) as raised:
        create_app()

    said = [fault.split(maxsplit=1)[0].rstrip(":") for fault in raised.value.faults]
    assert said == ["JOBMON_LOG_FORMAT", "REDIS_URL", "JOBMON_DATA_DIR"]


def test_an_app_starts_on_a_full_disk_since_redis_may_have_room(
    redis_url: str, tmp_path: Path
) -> None:
    program = (
        "import os, resource; from webhook.app import *; from webhook.state import state_of\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "app = create_app()\n"
        "state = state_of(app); state.drainer.stop()\n"
        "try: state.spool.require_room()\n"
        "except Exception as exc: print(app.test_client().get('/healthz').status_code, exc)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"REDIS_URL": redis_url, "JOBMON_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith("200 JOBMON_DATA_DIR: ")
    assert "File too large" in done.stdout
