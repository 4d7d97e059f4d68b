"""A durable file of events for the time that Redis is away.

One file in the data directory, one event a line, written and synced before the answer. Whoever
drains it first renames it, so that events that come meanwhile go to a new file, and removes it
only when all of it is in Redis: a crash in between repeats events, which is harmless.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jobmon.errors import TransientError

MAX_LINE = 64 * 1024


class SpoolFull(TransientError):
    """The spool holds as much as it may: nothing more can be taken safely."""


class Spool:
    """Events on disk. Safe for several processes of one machine."""

    def __init__(self, directory: Path, *, limit: int) -> None:
        self._file = directory / "spool.jsonl"
        self._draining = directory / "spool.draining.jsonl"
        self._lock = directory / "spool.lock"
        self._limit = limit

    def append(self, line: bytes) -> None:
        """Write one event and sync it to disk.

        Raises SpoolFull when the limit is reached or the disk takes no more.
        """
        try:
            with self._locked():
                if self.depth() >= self._limit:
                    msg = f"the spool holds {self._limit} events: bring Redis back"
                    raise SpoolFull(msg)
                self._write(line)
        except OSError as exc:
            msg = f"the spool in {self._file.parent} cannot be written: {exc.strerror}"
            raise SpoolFull(msg) from exc

    def depth(self) -> int:
        """How many events wait on disk."""
        return sum(_count_lines(path) for path in (self._draining, self._file))

    def drain(self, take: Callable[[bytes], None]) -> int:
        """Hand every event to `take`, oldest first; how many there were.

        What `take` raises is passed on, and the events stay.
        """
        if not (self._file.exists() or self._draining.exists()):
            return 0
        with self._locked():
            if not self._draining.exists():
                self._file.rename(self._draining)
            lines = [line for line in self._draining.read_bytes().split(b"\n") if line]
            for line in lines:
                take(line)
            self._draining.unlink()
        return len(lines) + (self.drain(take) if self._file.exists() else 0)

    def _write(self, line: bytes) -> None:
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            torn = size and os.pread(descriptor, 1, size - 1) != b"\n"
            os.write(descriptor, (b"\n" if torn else b"") + line + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._lock.open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _count_lines(path: Path) -> int:
    try:
        return path.read_bytes().count(b"\n")
    except FileNotFoundError:
        return 0
