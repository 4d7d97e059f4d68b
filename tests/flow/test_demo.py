"""`jobmon demo` as a stranger sees it: real processes, and nothing left behind."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4


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


def test_a_terminated_demo_leaves_nothing_behind() -> None:
    mark = f"demo-{uuid4().hex}"
    demo = subprocess.Popen(
        [sys.executable, "-m", "jobmon", "demo"],
        env={**os.environ, "DEMO_MARK": mark},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert demo.stdout is not None
    with demo.stdout as printed:
        while not printed.readline().startswith("▶"):
            assert demo.poll() is None
        demo.terminate()
        rest = printed.read()

    assert demo.wait(timeout=60) == 0
    assert "Everything has ended." in rest
    assert not processes_with(mark)
