"""The webhook password that `jobmon up` makes: the same at every start, and nobody else's."""

import os
import stat
from pathlib import Path

import pytest

from jobmon.cli.kept_password import kept_password

FILE = "webhook-password"


def test_the_password_is_the_same_at_every_start(tmp_path: Path) -> None:
    first = kept_password(tmp_path)

    assert len(first) >= 32
    assert kept_password(tmp_path) == first
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


def test_each_folder_has_a_password_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()

    assert kept_password(tmp_path) != kept_password(tmp_path / "other")


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    kept_password(tmp_path)

    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "\n"], ids=["empty", "blank"])
def test_a_file_without_a_password_gets_one(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="ascii")

    password = kept_password(tmp_path)

    assert password
    assert kept_password(tmp_path) == password


def test_what_is_half_written_is_not_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_is_full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", disk_is_full)
    with pytest.raises(OSError, match="no space"):
        kept_password(tmp_path)
    assert not (tmp_path / FILE).exists()
    monkeypatch.undo()

    assert kept_password(tmp_path) == (tmp_path / FILE).read_text(encoding="ascii")
