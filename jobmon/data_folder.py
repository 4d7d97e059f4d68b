"""The data directory: there, private, and proven to take what is written."""

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from jobmon.errors import SettingsError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REASONS = {
    errno.EEXIST: "it is a file",
    errno.ENOTDIR: "a part of its path is a file",
    errno.ENOENT: "it cannot be made there",
}


class DiskFull(SettingsError):
    """The folder is the right one, only that nothing fits into it at the moment."""


def require_writable(folder: Path) -> None:
    """Make the folder and write a byte in it, of which nothing stays.

    Raises SettingsError naming JOBMON_DATA_DIR when either is not possible, DiskFull when that
    may pass.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as exc:
        reason = _REASONS.get(exc.errno or 0, exc.strerror or "no reason given")
        fault = (
            f"JOBMON_DATA_DIR: {folder.absolute()} cannot be written: {reason}. "
            "Name a folder that jobmon's user may write to, with room on its disk"
        )
        kind = DiskFull if exc.errno in _FULL else SettingsError
        raise kind((fault,)) from exc


def require_usable(folder: Path) -> None:
    """As `require_writable`, and what was made for it is not left behind."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        require_writable(folder)
    finally:
        with suppress(OSError):  # not made, or somebody uses it by now
            for path in made:
                path.rmdir()
