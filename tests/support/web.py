"""The web app over Flask's test client, gone with all its threads at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient

from jobmon.settings import Settings
from webhook.app import create_app
from webhook.state import state_of


@contextmanager
def web_client(settings: Settings) -> Iterator[FlaskClient]:
    """A client of an app with these settings."""
    app = create_app(settings)
    try:
        yield app.test_client()
    finally:
        state_of(app).drainer.stop()
