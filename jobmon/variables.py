"""Variables of the environment, or the files that they name, and what is wrong with them."""

from collections.abc import Mapping
from pathlib import Path

from jobmon.settings import Secret


class Variables:
    """Takes values out of the environment and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []
        self.asked: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        """A value, or the content of the file that `NAME_FILE` names."""
        self.asked |= {name, f"{name}_FILE"}
        file_name = self.environ.get(f"{name}_FILE", "")
        if not file_name:
            return self.environ.get(name, "").strip() or default
        if self.environ.get(name):
            self.fault(f"{name} and {name}_FILE are both set: keep one of them")
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else "it is not UTF-8 text"
            self.fault(f"{name}_FILE: cannot read {file_name}: {reason}")
            return default

    def secret(self, name: str) -> Secret:
        """A value that must not be shown."""
        return Secret(self.text(name))

    def integer(self, name: str, default: int, *, low: int, high: int) -> int:
        """A whole number within limits."""
        raw = self.text(name)
        if not raw:
            return default
        if raw.isascii() and raw.isdigit() and low <= int(raw) <= high:
            return int(raw)
        self.fault(f"{name}: expected a whole number from {low} to {high}, got {raw[:40]!r}")
        return default

    def fault(self, message: str) -> None:
        """Remember what is wrong; everything is reported together."""
        self.faults.append(message)
