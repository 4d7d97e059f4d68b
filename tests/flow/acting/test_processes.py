"""The same with processes as an installation has them: gunicorn, workers, scheduler, Redis."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobmon.cli.up import programs
from jobmon.demo.scenarios import platform
from jobmon.demo.slack import PretendSlack
from jobmon.demo.workspace import PretendWorkspace
from jobmon.embedded import EmbeddedServer
from jobmon.listening import reserve_port
from jobmon.settings_reader import read_settings
from jobmon.store.client import Profile, connect
from jobmon.store.redis_store import RedisStore
from jobmon.supervisor import Supervisor
from tests.flow.acting.conftest import ANA, EVE, STARTED
from tests.flow.conftest import CHANNEL
from tests.support.waiting import wait_until

PERMISSIONS = f"""
[[permissions]]
actions = ["rerun", "ack"]
users = ["{ANA}"]
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A Redis of this test's own, which it may restart."""
    own = EmbeddedServer(tmp_path / "redis")
    own.start()
    yield own
    own.stop()


def test_a_click_becomes_a_repair_and_the_trail_survives_a_restart(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    (tmp_path / "jobmon.toml").write_text(PERMISSIONS, encoding="utf-8")
    with PretendWorkspace() as workspace, PretendSlack() as slack:
        environ = {
            "PATH": os.environ["PATH"],
            "PORT": str(reserve_port()),
            "REDIS_URL": server.url,
            "DATABRICKS_HOST": workspace.url,
            "DATABRICKS_TOKEN": workspace.token,
            "JOBMON_WEBHOOK_USERNAME": "databricks",
            "JOBMON_WEBHOOK_PASSWORD": "secret",
            "JOBMON_CONFIG": str(tmp_path / "jobmon.toml"),
            "JOBMON_DATA_DIR": str(tmp_path),
            "JOBMON_SLACK_CHANNEL": CHANNEL,
            "SLACK_BOT_TOKEN": slack.token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.url,
        }
        url = f"http://127.0.0.1:{environ['PORT']}"
        house = Supervisor(
            programs(read_settings(environ), host="127.0.0.1"),
            environ=environ,
            output=tmp_path / "log",
        )
        thread = threading.Thread(target=house.run)
        thread.start()
        try:
            run = workspace.add(platform.spot_instance_lost(501, STARTED))
            workspace.repair_outcome(run.job_id, takes=600)

            def is_told() -> bool:
                try:
                    workspace.post_webhook(
                        f"{url}/webhooks/databricks", run=run, user="databricks", password="secret"
                    )
                except OSError:
                    return False
                return bool(slack.messages(CHANNEL))

            wait_until(is_told, within=60, every=0.2)
            seen = slack.messages(CHANNEL)[0]
            for who in (EVE, ANA, ANA):
                answer = slack.person(who).click(f"{url}/slack/interactions", seen, "jobmon.rerun")
                assert answer.status == 200

            wait_until(lambda: "is being rerun" in slack.messages(CHANNEL)[0].text, within=30)
            wait_until(lambda: len(slack.team.ephemerals) == 3, within=30)
            assert len(workspace.calls_to("/jobs/runs/repair")) == 1
        finally:
            house.stop()
            thread.join()
    server.stop()
    server.start()
    client = connect(server.url, Profile.WORKER)
    trail = [(item.action.actor.user_id, item.done) for item in RedisStore(client).audit()]
    client.close()

    assert sorted(trail) == [(ANA, False), (ANA, True), (EVE, False)]
