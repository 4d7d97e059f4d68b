"""Several processes as one: what dies is started again, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobmon.supervisor import Program, Supervisor
from tests.jobmon.test_embedded import is_running
from tests.support.waiting import wait_until

WAITS = "import threading; threading.Event().wait()"
WITH_A_CHILD = f"""
import subprocess, sys, pathlib, threading
child = subprocess.Popen([sys.executable, "-c", {WAITS!r}])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
threading.Event().wait()
"""
DEAF = """
import signal, pathlib, sys, threading
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
threading.Event().wait()
"""
SUPERVISED = """
import os, sys
from jobmon.supervisor import Program, Supervisor, stop_on_signals
program = Program(name="one", command=(sys.executable, "-c", sys.argv[1]))
supervisor = Supervisor([program] * 2, environ=dict(os.environ))
stop_on_signals(supervisor)
supervisor.run(started=lambda: print(*supervisor.pids()["one"], flush=True))
"""


def program(code: str, *arguments: str, name: str = "one") -> Program:
    return Program(name=name, command=(sys.executable, "-c", code, *arguments))


@pytest.fixture
def running(request: pytest.FixtureRequest) -> Iterator[Supervisor]:
    """A supervisor of one waiting program."""
    supervisor = Supervisor([program(WAITS)], environ=dict(os.environ))
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    wait_until(supervisor.pids)
    yield supervisor
    supervisor.stop()
    thread.join()


def test_a_program_that_is_killed_is_started_again(running: Supervisor) -> None:
    (first,) = running.pids()["one"]

    os.kill(first, signal.SIGKILL)

    wait_until(lambda: running.pids().get("one", [first]) != [first])


def test_a_program_that_ends_again_and_again_is_started_less_and_less_often(
    tmp_path: Path,
) -> None:
    starts = tmp_path / "starts"
    code = f"open({str(starts)!r}, 'a').write('x')"
    supervisor = Supervisor([program(code)], environ=dict(os.environ))
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    wait_until(lambda: starts.exists() and len(starts.read_text(encoding="ascii")) >= 3)
    supervisor.stop()
    thread.join()

    assert len(starts.read_text(encoding="ascii")) < 6


def test_what_a_killed_program_left_behind_is_ended(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    supervisor = Supervisor([program(WITH_A_CHILD, str(pid_file))], environ=dict(os.environ))
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    orphan = int(wait_until(lambda: pid_file.exists() and pid_file.read_text(encoding="ascii")))

    os.kill(supervisor.pids()["one"][0], signal.SIGKILL)

    wait_until(lambda: not is_running(orphan))
    supervisor.stop()
    thread.join()


def test_the_end_takes_the_children_of_programs_too(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    supervisor = Supervisor([program(WITH_A_CHILD, str(pid_file))], environ=dict(os.environ))
    supervisor.start()
    child = int(wait_until(lambda: pid_file.exists() and pid_file.read_text(encoding="ascii")))

    supervisor.end()

    wait_until(lambda: not is_running(child))


def test_a_program_that_does_not_listen_is_killed_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobmon.supervisor.STOP_SECONDS", 0.3)
    ready = tmp_path / "ready"
    supervisor = Supervisor([program(DEAF, str(ready))], environ=dict(os.environ))
    supervisor.start()
    wait_until(ready.exists)
    (pid,) = supervisor.pids()["one"]

    supervisor.end()

    assert not is_running(pid)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_one_signal_ends_all_of_them(number: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", SUPERVISED, WAITS], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert all(is_running(pid) for pid in pids)

    parent.send_signal(number)
    parent.wait(30)
    parent.stdout.close()

    wait_until(lambda: not any(is_running(pid) for pid in pids))
