"""The web process: `gunicorn "webhook.app:create_app()"`."""

import os

from flask import Flask, Response
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge

from jobmon.log import configure_logging
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.settings import Settings
from jobmon.store.client import Profile, connect
from jobmon.store.redis_store import RedisStore
from webhook import events, health, openapi, slack
from webhook.answers import problem
from webhook.aside import Aside
from webhook.asked import ANSWER_WITHIN
from webhook.drainer import Drainer
from webhook.in_time import InTime
from webhook.intake import Intake
from webhook.machines import for_machines_only
from webhook.spool import Spool
from webhook.start import settings_of_web
from webhook.state import KEY, State
from webhook.tally import Tally

MAX_BODY = 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Build the app; without settings they are read from the environment.

    Raises SettingsError as `settings_of_web` does.
    """
    if settings is None:
        settings = settings_of_web(os.environ)
        configure_logging(settings.log_format)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    state = app.extensions[KEY] = _state(settings)
    app.register_blueprint(events.blueprint)
    app.register_blueprint(slack.blueprint)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(openapi.blueprint)
    app.register_error_handler(HTTPException, _http_problem)
    for error in (ParseException, ClientDisconnected):
        app.register_error_handler(error, _no_whole_body)
    app.wsgi_app = for_machines_only(app.wsgi_app)  # type: ignore[method-assign,assignment]
    state.drainer.start()
    return app


def _state(settings: Settings) -> State:
    client = connect(settings.redis.url.reveal(), Profile.WEB)
    queue = RqJobQueue(client)
    spool = Spool(settings.data_dir, limit=settings.webhook.spool_limit)
    intake, tally = Intake(queue, spool), Tally(RedisStore(client))
    return State(
        settings=settings,
        queue=queue,
        store=RedisStore(client),
        spool=spool,
        intake=intake,
        tally=tally,
        drainer=Drainer(intake, tally),
        in_time=InTime(ANSWER_WITHIN),
        aside=Aside(api_url=settings.slack.api_url),
    )


def _no_whole_body(_error: Exception) -> Response:
    """A body is read, and found to be broken off or malformed, only when a route asks for it."""
    return problem(400, "the body ends too soon, or its chunks are malformed", field="body")


def _http_problem(error: HTTPException) -> Response:
    if isinstance(error, RequestEntityTooLarge):
        return problem(413, f"the body is larger than {MAX_BODY} bytes", field="body")
    response = problem(error.code or 500, error.name)
    response.headers.extend(
        (name, value) for name, value in error.get_headers() if name != "Content-Type"
    )
    return response
