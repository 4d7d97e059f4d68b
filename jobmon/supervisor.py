"""Run several processes as one: start them, start again what dies, end all of them."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from types import FrameType

import structlog

from jobmon.child_process import die_with

log = structlog.get_logger()

STOP_SECONDS = 20.0
LOOK_EVERY_SECONDS = 0.2
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
LIVED_LONG_ENOUGH = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One process to keep running."""

    name: str
    command: tuple[str, ...]


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    started: float
    pause: float = FIRST_PAUSE
    again_at: float | None = field(default=None)


class Supervisor:
    """Keeps programs running until it is told to stop, and leaves nothing behind."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        environ: Mapping[str, str],
        output: Path | None = None,
    ) -> None:
        self._programs = tuple(programs)
        self._output = output
        self._environ = dict(environ)
        self._children: list[_Child] = []
        self._stop = threading.Event()

    def stop(self) -> None:
        """Ask `run` to end; safe from a signal handler and from another thread."""
        self._stop.set()

    def run(
        self,
        *,
        started: Callable[[], None] = lambda: None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """Start everything, call `started`, and return when all have ended after `stop`.

        `meanwhile` is called at each look, for what the programs need and is not one of them.
        """
        self.start()
        started()
        try:
            while not self._stop.wait(LOOK_EVERY_SECONDS):
                meanwhile()
                self._look_after()
        finally:
            self.end()

    def start(self) -> None:
        """Start every program."""
        for program in self._programs:
            self._children.append(
                _Child(program=program, process=self._spawn(program), started=monotonic())
            )

    def pids(self) -> dict[str, list[int]]:
        """The ids of the running processes, by program."""
        running: dict[str, list[int]] = {}
        for child in self._children:
            if child.process.poll() is None:
                running.setdefault(child.program.name, []).append(child.process.pid)
        return running

    def end(self) -> None:
        """Tell all programs to end, at once; kill what does not end in time."""
        for child in self._children:
            if child.process.poll() is None:
                child.process.terminate()
        deadline = monotonic() + STOP_SECONDS
        for child in self._children:
            try:
                child.process.wait(max(0.1, deadline - monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("supervisor.killed", program=child.program.name)
            _signal_group(child.process, signal.SIGKILL)  # and whatever it left behind
            child.process.wait()
        self._children.clear()

    def _look_after(self) -> None:
        now = monotonic()
        for child in self._children:
            if child.process.poll() is None:
                continue
            if child.again_at is None:
                # A killed web server's own workers would keep its port.
                _signal_group(child.process, signal.SIGTERM)
                lived = now - child.started
                child.pause = (
                    FIRST_PAUSE
                    if lived > LIVED_LONG_ENOUGH
                    else min(child.pause * 2, LONGEST_PAUSE)
                )
                child.again_at = now + child.pause
                log.warning(
                    "supervisor.ended",
                    program=child.program.name,
                    code=child.process.returncode,
                    again_in=child.pause,
                )
            elif now >= child.again_at:
                child.process = self._spawn(child.program)
                child.started = now
                child.again_at = None

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        with ExitStack() as stack:
            output = stack.enter_context(self._output.open("ab")) if self._output else None
            return subprocess.Popen(  # noqa: S603 (our own commands)
                program.command,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # a Ctrl-C in the terminal reaches the supervisor only
                preexec_fn=die_with(os.getpid()),  # noqa: PLW1509
            )


def stop_on_signals(supervisor: Supervisor) -> None:
    """Let SIGINT, SIGTERM and a terminal that is shut end a supervisor."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        supervisor.stop()

    for number in ending_signals():
        signal.signal(number, stop)


def ending_signals() -> tuple[signal.Signals, ...]:
    """What ends everything; a terminal that is shut does, unless `nohup` said that it shall not."""
    ending = (signal.SIGINT, signal.SIGTERM)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        return ending
    return (*ending, signal.SIGHUP)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal a program and its own children: each program leads a group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
