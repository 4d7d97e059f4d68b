"""`jobmon demo` as a stranger sees it: real processes, and nothing left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support.waiting import wait_until


def processes_with(mark: str) -> list[str]:
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            content = environ.read_bytes()
        except OSError:
            continue
        if mark.encode() in content and environ.parent.name != str(os.getpid()):
            found.append(environ.parent.name)
    return found


def test_the_demo_shows_every_scene_and_leaves_nothing_behind() -> None:
    mark = f"demo-{uuid4().hex}"
    demo = subprocess.run(
        [sys.executable, "-m", "jobmon", "demo", "--once"],
        env={**os.environ, "DEMO_MARK": mark},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert demo.stdout.count("▶") == 8
    assert "train_models failed" in demo.stdout
    assert "train_models recovered" in demo.stdout
    assert "Everything has ended." in demo.stdout
    assert "Traceback" not in demo.stdout + demo.stderr
    assert not processes_with(mark)


def started(mark: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "jobmon", "demo"],
        env={**os.environ, "DEMO_MARK": mark},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_terminated_demo_leaves_nothing_behind() -> None:
    mark = f"demo-{uuid4().hex}"
    demo = started(mark)
    assert demo.stdout is not None
    with demo.stdout as printed:
        while not printed.readline().startswith("▶"):
            assert demo.poll() is None
        demo.terminate()
        rest = printed.read()

    assert demo.wait(timeout=60) == 0
    assert "Everything has ended." in rest
    assert not processes_with(mark)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP], ids=["Ctrl-C", "terminal shut"])
def test_a_demo_that_is_ended_while_it_starts_leaves_nothing_behind(
    number: signal.Signals,
) -> None:
    mark = f"demo-{uuid4().hex}"
    demo = started(mark)
    assert demo.stdout is not None
    with demo.stdout as printed:
        # itself, the server, the web, two workers, one for bulk, the scheduler
        wait_until(lambda: len(processes_with(mark)) >= 7)
        demo.send_signal(number)
        rest = printed.read()

    assert demo.wait(timeout=60) == 0
    assert "▶" not in rest
    assert not processes_with(mark)
