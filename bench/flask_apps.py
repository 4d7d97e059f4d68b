"""What an endpoint could do less of: the yardsticks for the real one."""

import os

from flask import Flask, request

from jobmon.store.client import Profile, connect


def ok() -> Flask:
    """Answers, and does nothing else."""
    app = Flask(__name__)

    @app.post("/webhooks/databricks")
    def take() -> tuple[str, int]:
        return "ok", 202

    return app


def pushes() -> Flask:
    """Pushes the body, as it came, to a list in Redis: no authentication, no look at it."""
    app = Flask(__name__)
    client = connect(os.environ["REDIS_URL"], Profile.WEB)

    @app.post("/webhooks/databricks")
    def take() -> tuple[str, int]:
        client.rpush("bench:pushed", request.get_data())
        return "ok", 202

    return app
