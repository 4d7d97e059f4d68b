"""A Redis that is full answers, and takes nothing: that is said before an event finds it out."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from jobmon.store.client import Client
from tests.webhook.test_routes import post


@pytest.fixture
def full_redis(client: Client) -> Iterator[None]:
    client.config_set("maxmemory", 1)
    yield
    client.config_set("maxmemory", 0)


@pytest.mark.usefixtures("full_redis")
def test_a_full_redis_is_not_ready(web: FlaskClient) -> None:
    report, metrics = web.get("/readyz"), web.get("/metrics")

    assert report.status_code == 503
    assert report.get_json()["redis"] == "OutOfMemoryError"
    assert report.get_json()["problems"] == [
        "Redis refuses to write: events wait in the local spool"
    ]
    assert "jobmon_redis_up 0.0" in metrics.text
    assert post(web).status_code == 202
