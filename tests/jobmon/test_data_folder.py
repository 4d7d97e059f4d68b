"""A data directory that cannot be used is said to be, before anything needs it."""

from pathlib import Path

import pytest

from jobmon.data_folder import require_writable
from jobmon.errors import SettingsError


def test_a_folder_is_made_for_its_owner_alone_and_stays_empty(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"

    require_writable(folder)
    require_writable(folder)

    assert folder.stat().st_mode & 0o077 == 0
    assert list(folder.iterdir()) == []


def test_what_cannot_be_a_folder_is_named_with_its_setting_and_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    for path, reason in (
        (tmp_path / "file", "it is a file"),
        (tmp_path / "file" / "data", "a part of its path is a file"),
        (Path("/proc/data"), "it cannot be made there"),
    ):
        with pytest.raises(SettingsError) as raised:
            require_writable(path)
        (fault,) = raised.value.faults
        assert fault == (
            f"JOBMON_DATA_DIR: {path} cannot be written: {reason}. "
            "Name a folder that jobmon's user may write to, with room on its disk"
        )
