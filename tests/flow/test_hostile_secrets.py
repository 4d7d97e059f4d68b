"""No planted secret is said, kept, logged or counted, and no line of the log can be forged."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from tests.flow.conftest import CHANNEL, World
from tests.flow.tricks import STARTED, TRICK, is_clean
from tests.jobmon.secrets_in_text import SECRETS

LOGGING = """
import sys
from jobmon.log import configure_logging
import structlog
configure_logging(sys.argv[1])
text, secret = sys.stdin.buffer.read().decode("utf-8", "surrogatepass").split("|SECRET|")
log = structlog.get_logger()
log.warning("a.b", job_name=text, number=1)
try:
    password = secret
    raise ValueError(text + " password=" + secret)
except ValueError:
    log.exception("a.c", job_name=text)
"""


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_line_of_the_log_can_be_forged_and_no_local_variable_is_in_it(form: str) -> None:
    secret = "hunter2-and-more"
    done = subprocess.run(
        [sys.executable, "-c", LOGGING, form],
        input=f"{TRICK}\n2026-01-01 [error] forged.line|SECRET|{secret}".encode(
            "utf-8", "surrogatepass"
        ),
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    lines = done.stderr.decode("utf-8", "surrogatepass").split("\n")

    assert secret not in done.stderr.decode("utf-8", "replace")
    assert all(is_clean(line) for line in lines)
    heads = [line for line in lines if line and not line.startswith(" ")]
    if form == "json":
        assert [json.loads(line)["event"] for line in heads] == ["a.b", "a.c"]
    else:
        assert [re.match(r"\S+ \[\w+ *\] (a\.[bc]) ", line) is not None for line in heads] == [
            True,
            True,
        ]


LONG_SECRETS = {name: pair for name, pair in SECRETS.items() if len(pair[1]) >= 7}


def everything_kept(world: World) -> str:
    """All values in Redis, in the clear."""
    client = world.client
    found: list[object] = []
    for key in client.scan_iter("*"):
        match client.type(key):
            case b"string":
                found.append(client.get(key) or b"")
            case b"list":
                found += client.lrange(key, 0, -1)
            case b"hash":
                found += [part for pair in client.hgetall(key).items() for part in pair]
            case b"zset":
                found += [member for member, _ in client.zscan_iter(key)]
            case b"set":
                found += client.smembers(key)
        found.append(key)
    return "\n".join(
        item.decode(errors="replace") if isinstance(item, bytes) else str(item) for item in found
    )


def test_no_planted_secret_is_said_kept_logged_or_counted(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    planted = "\n".join(text for text, _ in LONG_SECRETS.values())
    names = [text for text, _ in LONG_SECRETS.values()]
    for number, name in enumerate(names):
        builder = RunBuilder(
            run_id=1000 + number * 1000, job_id=number + 1, name=f"job {name}", started_at=STARTED,
            creator=name, tags={"note": name, "owner": name}, parameters={"p": name},
        )  # fmt: skip
        output = failed_output(f"ValueError: {planted}", f"Traceback\n{planted}", planted)
        builder.task(name, notebook(f"/x {name}"), result="FAILED", message=name, output=output)
        world.workspace.add(builder.build(message=f"failed: {name}"))
        world.fails(1000 + number * 1000, job={"name": name}, task={"task_key": name})
    waiting = everything_kept(world)
    assert not [item for item in secrets() if item in waiting]
    world.work()

    told = repr(world.slack.calls) + repr(
        [mail.message.as_string() for mail in world.mailbox.messages]
    )
    kept = everything_kept(world)
    logged = "".join(capfd.readouterr())
    counted = world.web.get("/metrics").text + world.web.get("/readyz").text
    assert len(world.slack.messages(CHANNEL)) > 2
    for place in (told, kept, logged, counted):
        assert not [item for item in secrets() if item in place]


def secrets() -> list[str]:
    return [secret for _, secret in LONG_SECRETS.values()]
