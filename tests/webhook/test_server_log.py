"""What gunicorn says is in the format that is set, as everything else is."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAY = (
    "from gunicorn.config import Config; from webhook.server_log import ServerLog;"
    "ServerLog(Config()).warning('Invalid request: %s', 'InvalidRequestLine')"
)


def said_by(*command: str, **variables: str) -> str:
    """The standard error of a Python process with these variables and no others."""
    environ = {"PYTHONPATH": str(ROOT), **variables}
    done = subprocess.run(
        (sys.executable, *command),
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stderr


def test_a_message_of_gunicorn_is_a_line_of_json_where_that_is_set() -> None:
    (line,) = said_by("-c", SAY, JOBMON_LOG_FORMAT="json").splitlines()

    assert json.loads(line)["event"] == "Invalid request: InvalidRequestLine"
    assert json.loads(line)["level"] == "warning"


def test_a_message_of_gunicorn_is_a_line_like_ours_otherwise() -> None:
    (line,) = said_by("-c", SAY).splitlines()

    assert line.endswith("Z [warning  ] Invalid request: InvalidRequestLine")


def test_wrong_settings_are_named_once_and_without_a_trace_before_any_worker_starts() -> None:
    said = said_by(
        *("-m", "gunicorn", "-c", "python:webhook.server"),
        *("--bind", "127.0.0.1:0"),
        "webhook.app:create_app()",
        PORT="many",
        REDIS_URL="nowhere",
    )

    redis, port = said.splitlines()
    assert "[error    ] REDIS_URL: expected redis://" in redis
    assert "[error    ] PORT: expected a whole number" in port
