"""The webhook password that `jobmon up` makes while none is set."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def kept_password(data_dir: Path) -> str:
    """A password of our own, the same at every start; only its owner may read its file.

    The file is there with all of it or not at all, whatever ends us while it is written. One that
    is empty all the same is written anew.
    """
    path = data_dir / "webhook-password"
    with suppress(FileNotFoundError):
        if kept := path.read_text(encoding="ascii").strip():
            return kept
    password = secrets.token_urlsafe(24)
    new = path.with_suffix(".new")
    with new.open("w", encoding="ascii") as file:
        new.chmod(0o600)
        file.write(password)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    return password
