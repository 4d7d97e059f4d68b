"""Variables of the environment, or the files that they name, and what is wrong with them."""

import re
import unicodedata
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
        """One value, or the content of the file that `NAME_FILE` names."""
        return self._seen(name, self._read(name)) or default

    def words(self, name: str) -> tuple[str, ...]:
        """The values that commas, blanks or lines separate."""
        values = re.split(r"[,\s]+", self._read(name))
        return tuple(self._seen(name, value) for value in values if value)

    def is_given(self, name: str) -> bool:
        """Whether it or its file is set: then what is wrong with the value is a fault already."""
        return any(self.environ.get(key, "").strip() for key in (name, f"{name}_FILE"))

    def _seen(self, name: str, value: str) -> str:
        """The value, or nothing and a fault if there is something in it that nobody sees."""
        if not (found := _unseen(value)):
            return value
        file_name = self.environ.get(f"{name}_FILE", "")
        where = f"{name}_FILE: {file_name}" if file_name else f"{name}: it"
        self.fault(f"{where} holds {found} inside its value: keep the value alone in it")
        return ""

    def _read(self, name: str) -> str:
        self.asked |= {name, f"{name}_FILE"}
        file_name = self.environ.get(f"{name}_FILE", "")
        if not file_name:
            return self.environ.get(name, "").strip()
        if self.environ.get(name):
            self.fault(f"{name} and {name}_FILE are both set: keep one of them")
        try:
            # Editors and PowerShell put a byte-order mark before what they write.
            value = Path(file_name).read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else "it is not UTF-8 text"
            self.fault(f"{name}_FILE: cannot read {file_name}: {reason}")
            return ""
        if not value:
            self.fault(
                f"{name}_FILE: {file_name} is empty: write the value into it, or unset {name}_FILE"
            )
        return value

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


def _unseen(value: str) -> str:
    """What the first character is called that no value has and no editor shows, if there is one."""
    for char in value:
        match unicodedata.category(char):
            case "Cc" if char in "\r\n":
                return "a line break"
            case "Cc" if char == "\t":
                return "a tab"
            case "Cc":
                return f"the control character U+{ord(char):04X}"
            case "Cf" | "Zl" | "Zp":
                return f"the invisible character U+{ord(char):04X}"
    return ""
