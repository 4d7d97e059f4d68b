"""A durable file of events for the time that Redis is away.

One file in the data directory, one event a line, written and synced before the answer. Whoever
drains it first renames it, so that events that come meanwhile go to a new file, and removes it
only when all of it is in Redis: a crash in between repeats events, which is harmless. Lines that
cannot be read are kept in a file beside it.
"""

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from jobmon.data_folder import require_writable
from jobmon.errors import SettingsError, TransientError

MOST_DRAINS = 100

log = structlog.get_logger()


class SpoolFull(TransientError):
    """The spool holds as much as it may: nothing more can be taken safely."""


class Spool:
    """Events on disk. Safe for several processes and threads of one machine."""

    def __init__(self, directory: Path, *, limit: int) -> None:
        self._file = directory / "spool.jsonl"
        self._draining = directory / "spool.draining.jsonl"
        self._unreadable = directory / "spool.unreadable.jsonl"
        self._lock = directory / "spool.lock"
        self._drain_lock = directory / "spool.drain.lock"
        self._limit = limit
        self._counts = (_LineCount(self._draining), _LineCount(self._file))
        self._unreadable_count = _LineCount(self._unreadable)

    def append(self, line: bytes) -> None:
        """Write one event and sync it to disk.

        Raises SpoolFull when the limit is reached or the disk takes no more.
        """
        with self._to_write():
            _append(self._file, line)

    def require_room(self) -> None:
        """Raise SpoolFull when nothing can be appended at the moment."""
        with self._to_write():
            require_writable(self._file.parent)
            if self._file.exists():
                self._file.open("ab").close()

    def depth(self) -> int:
        """How many events wait on disk."""
        return sum(count.now() for count in self._counts)

    def unreadable(self) -> int:
        """How many lines have been put aside because nobody could read them."""
        return self._unreadable_count.now()

    def drain(self, take: Callable[[bytes], bool]) -> int:
        """Hand every event to `take`, oldest first; how many it took.

        A line that `take` cannot read (False) is put aside, and the next one follows. What `take`
        raises is passed on, and the events stay. Events can be appended meanwhile. While another
        process drains there is nothing to do.
        """
        drained = 0
        for _ in range(MOST_DRAINS):
            if not (self._file.exists() or self._draining.exists()):
                break
            with _locked(self._drain_lock, wait=False) as is_mine:
                if not is_mine:
                    break
                drained += self._drain_once(take)
        return drained

    @contextmanager
    def _to_write(self) -> Iterator[None]:
        """Hold the lock; whatever keeps an event from being written is a full spool."""
        try:
            with _locked(self._lock):
                if self.depth() >= self._limit:
                    raise SpoolFull(f"the spool holds {self._limit} events: bring Redis back")
                yield
        except OSError as exc:
            msg = f"the spool in {self._file.parent} cannot be written: {exc.strerror}"
            raise SpoolFull(msg) from exc
        except SettingsError as exc:
            raise SpoolFull(str(exc)) from exc

    def _drain_once(self, take: Callable[[bytes], bool]) -> int:
        if not self._draining.exists():
            with _locked(self._lock):
                if not self._file.exists():
                    return 0
                self._file.rename(self._draining)
        lines = [line for line in self._draining.read_bytes().split(b"\n") if line]
        unreadable = [line for line in lines if not take(line)]
        if unreadable:
            _append(self._unreadable, b"\n".join(unreadable))
            log.error("spool.unreadable", lines=len(unreadable), kept=str(self._unreadable))
        self._draining.unlink()
        return len(lines) - len(unreadable)


class _LineCount:
    """Counts the lines of a growing file, reading only what is new."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = (0, 0, 0)

    def now(self) -> int:
        try:
            with self._path.open("rb") as file:
                inode, size = os.fstat(file.fileno()).st_ino, os.fstat(file.fileno()).st_size
                known_inode, offset, lines = self._known
                if inode != known_inode or size < offset:
                    offset, lines = 0, 0
                file.seek(offset)
                new = file.read(size - offset)
        except OSError:  # nothing is there, or nobody can tell
            return 0
        lines += new.count(b"\n")
        self._known = (inode, size, lines)
        return lines


def _append(path: Path, line: bytes) -> None:
    """Write all of it and sync it to disk, or raise OSError and leave the file as it was."""
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        torn = size and os.pread(descriptor, 1, size - 1) != b"\n"
        whole = (b"\n" if torn else b"") + line + b"\n"
        if os.write(descriptor, whole) != len(whole):  # the disk took a part of it
            os.ftruncate(descriptor, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        _sync_folder(path.parent)


@contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
